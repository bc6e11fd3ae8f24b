import { Injectable } from '@nestjs/common';
import type { StoredTrace } from '../store/stored-trace.js';
import { TraceStore } from '../store/trace-store.js';
import type { ReceivedLog } from '../telemetry.interface.js';
import type { Imported } from '../wire/overview.interface.js';
import { readFile } from './read-file.js';

const MAX_IDS = 1_000;

/** Puts the traces of a file into the store. The same file again changes nothing. */
@Injectable()
export class TraceImport {
  constructor(private readonly store: TraceStore) {}

  /** @throws FileError that names the line, Refusal of a gzip; nothing of the file is then taken. */
  read(body: Buffer): Imported {
    const parts = readFile(body);
    const spans = parts.flatMap((part) => [...part.spans]);
    const logs = parts.flatMap((part) => [...part.logs]);
    this.store.add({ spans, logs: this.#newLogs(logs) });
    const traceIds = new Set<string>();
    for (const { traceId } of [...spans, ...logs]) if (traceId) traceIds.add(traceId);
    return {
      traceIds: [...traceIds].slice(0, MAX_IDS),
      traces: traceIds.size,
      spans: spans.length,
      logs: logs.length,
    };
  }

  /** Log lines have no ids: one that is here as often as in the file is the same. */
  #newLogs(logs: readonly ReceivedLog[]): ReceivedLog[] {
    const known = new Map<string, Map<string, number>>();
    return logs.filter((log) => {
      const trace = this.store.trace(log.traceId ?? '');
      if (!trace) return true;
      const counts = known.get(trace.traceId) ?? countLogs(trace);
      known.set(trace.traceId, counts);
      const left = counts.get(keyOf(log)) ?? 0;
      counts.set(keyOf(log), left - 1);
      return left <= 0;
    });
  }
}

function countLogs({ logs }: StoredTrace): Map<string, number> {
  const counts = new Map<string, number>();
  for (const log of logs) counts.set(keyOf(log), (counts.get(keyOf(log)) ?? 0) + 1);
  return counts;
}

function keyOf({ timeNanos, spanId, severity, message, attributes }: ReceivedLog): string {
  return JSON.stringify([String(timeNanos), spanId, severity, message, attributes]);
}
