import { hintOf } from '../store/hint.js';
import { nameOf, routeOf } from '../store/route.js';
import type { StoredTrace } from '../store/stored-trace.js';
import { TRACE_FLAG, type TraceRows } from '../wire/trace-list.interface.js';
import { StringTable } from './string-table.js';

/** The rows of the list for some traces, in their order. */
export function traceRows(
  traces: readonly StoredTrace[],
  isRunning: (trace: StoredTrace) => boolean,
): TraceRows {
  const texts = new StringTable();
  const column = <T>(read: (trace: StoredTrace) => T): T[] => traces.map(read);
  return {
    id: column(({ traceId }) => traceId),
    revision: column(({ revision }) => revision),
    start: column(startMillis),
    duration: column(({ facts }) => Number(facts.endNanos - facts.startNanos) / 1e3),
    name: column((trace) => texts.add(nameOf(trace))),
    route: column((trace) => texts.add(routeOf(trace))),
    hint: column((trace) => texts.add(hintOf(trace))),
    service: column(({ facts }) => texts.add((facts.root ?? facts.first)?.service ?? '')),
    kind: column(({ facts }) => texts.add((facts.root ?? facts.first)?.kind ?? '')),
    spans: column(({ spanCount }) => spanCount),
    errors: column(({ facts }) => facts.errors),
    logs: column(({ logCount }) => logCount),
    services: column(({ facts }) => facts.services.size),
    flags: column((trace) => flagsOf(trace, isRunning(trace))),
    repeated: column(({ repeats }) => repeats.statements),
    repeatedCalls: column(({ repeats }) => repeats.calls),
    blocked: column(({ facts }) => facts.blockedMillis),
    cancelled: column(({ facts }) => facts.cancelled),
    detached: column(({ facts }) => facts.detached),
    lost: column(lostOf),
    leftOut: column(({ facts }) => facts.leftOut),
    missing: column(({ missing }) => missing),
    strings: texts.strings,
  };
}

/** When a trace began, in milliseconds since the epoch. */
export function startMillis({ facts, logs }: StoredTrace): number {
  return Number((facts.startNanos || logs[0]?.timeNanos || 0n) / 1_000n) / 1e3;
}

function lostOf({ facts, dropped }: StoredTrace): number {
  return facts.lost + dropped.spans + dropped.logs;
}

function flagsOf(trace: StoredTrace, isRunning: boolean): number {
  const { facts, missing, isPinned, isSkewed, spanCount } = trace;
  return (
    (isRunning ? TRACE_FLAG.running : 0) |
    (isPinned ? TRACE_FLAG.pinned : 0) |
    (facts.errors > 0 ? TRACE_FLAG.error : 0) |
    (isSkewed ? TRACE_FLAG.skewed : 0) |
    (spanCount === 0 ? TRACE_FLAG.logsOnly : 0) |
    (missing + lostOf(trace) > 0 ? TRACE_FLAG.incomplete : 0)
  );
}
