import { Injectable } from '@nestjs/common';
import type { StoredTrace } from '../store/stored-trace.js';
import { TraceStore } from '../store/trace-store.js';
import type { ReceivedLog } from '../telemetry.interface.js';
import type { Imported } from '../wire/overview.interface.js';
import { readApart } from './apart/read-apart.js';

const MAX_IDS = 1_000;

/** How often each log line was here before the file, by trace. */
type KnownLogs = Map<string, Map<string, number>>;

/** Puts the traces of a file into the store. The same file again changes nothing. */
@Injectable()
export class TraceImport {
  constructor(private readonly store: TraceStore) {}

  /** @throws FileError that names the line, Refusal of a gzip; nothing of the file is then taken. */
  async read(body: Uint8Array): Promise<Imported> {
    const traceIds = new Set<string>();
    const known: KnownLogs = new Map();
    const sum = { spans: 0, logs: 0 };
    for await (const { spans, logs } of readApart(body)) {
      this.store.add({ spans, logs: logs.filter((log) => this.#isNew(log, known)) });
      for (const { traceId } of [...spans, ...logs]) if (traceId) traceIds.add(traceId);
      sum.spans += spans.length;
      sum.logs += logs.length;
    }
    return { traceIds: [...traceIds].slice(0, MAX_IDS), traces: traceIds.size, ...sum };
  }

  /** Log lines have no ids: one that was here before as often as in the file is the same. */
  #isNew(log: ReceivedLog, known: KnownLogs): boolean {
    const traceId = log.traceId ?? '';
    const counts = known.get(traceId) ?? countLogs(this.store.trace(traceId));
    known.set(traceId, counts);
    const left = counts.get(keyOf(log)) ?? 0;
    counts.set(keyOf(log), left - 1);
    return left <= 0;
  }
}

function countLogs(trace: StoredTrace | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const log of trace?.logs ?? []) counts.set(keyOf(log), (counts.get(keyOf(log)) ?? 0) + 1);
  return counts;
}

function keyOf({ timeNanos, spanId, severity, message, attributes }: ReceivedLog): string {
  return JSON.stringify([String(timeNanos), spanId, severity, message, attributes]);
}
