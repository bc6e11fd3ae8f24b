import { criticalPath, longestRoot, type PathSection } from '../analysis/critical-path.js';
import { selfTimes } from '../analysis/self-time.js';
import { arrange, type SpanTable } from '../analysis/span-table.js';
import { findProblems } from '../problems/find-problems.js';
import { nameOf, routeOf } from '../store/route.js';
import type { StoredTrace } from '../store/stored-trace.js';
import type { TraceStore } from '../store/trace-store.js';
import type { BlockedBand } from '../wire/blocked-band.interface.js';
import type { Problem } from '../wire/problem.interface.js';
import type { TraceDetail } from '../wire/trace-detail.interface.js';
import { blockedBands } from './blocked-bands.js';
import { callColumns } from './call-columns.js';
import { eventColumns, logColumns } from './event-columns.js';
import { linkColumns } from './link-columns.js';
import { pathColumns } from './path-columns.js';
import { rounded, servicesOf, spanColumns } from './span-columns.js';
import { StringTable } from './string-table.js';
import { startMillis } from './trace-rows.js';

/** What is found out about a trace before it is written down in one form or another. */
export interface TraceAnalysis {
  readonly trace: StoredTrace;
  readonly table: SpanTable;
  readonly self: Float64Array;
  readonly path: readonly PathSection[];
  readonly blocked: readonly BlockedBand[];
  readonly problems: readonly Problem[];
  /** Microseconds. */
  readonly duration: number;
}

/** Finds out all that is shown of a trace beside what was sent. */
export function analyse(trace: StoredTrace, store: TraceStore): TraceAnalysis {
  const table = arrange(trace.spans);
  const self = selfTimes(table);
  const root = longestRoot(table);
  const path = root < 0 ? [] : criticalPath(table, root);
  const blocked = blockedBands(table, store, trace.traceId);
  const duration = table.end.reduce((last, end) => Math.max(last, end), 0);
  const { dropped, facts } = trace;
  const found = { table, self, path, blocked, duration };
  return { trace, ...found, problems: findProblems({ ...found, dropped, facts }) };
}

/** A trace as the page reads it. */
export function traceDetail(
  trace: StoredTrace,
  store: TraceStore,
  isRunning: boolean,
): TraceDetail {
  const analysis = analyse(trace, store);
  const { table, self, path, blocked, problems, duration } = analysis;
  const texts = new StringTable();
  const { services, numbers } = servicesOf(table);
  return {
    traceId: trace.traceId,
    revision: trace.revision,
    start: table.length > 0 ? Number(table.startNanos / 1_000n) / 1e3 : startMillis(trace),
    duration: rounded(duration),
    isRunning,
    isPinned: trace.isPinned,
    name: nameOf(trace),
    route: routeOf(trace),
    dropped: { ...trace.dropped },
    services,
    spans: spanColumns(table, self, numbers, texts),
    calls: callColumns(table, trace.facts.collapsed > 0),
    links: linkColumns(table, store, trace.traceId, texts),
    events: eventColumns(table, texts),
    logs: logColumns(table, trace.logs, texts),
    path: pathColumns(path, table, blocked),
    ...(path.length === 0 && table.length > 0
      ? { pathFailure: 'No root of this trace has a duration.' }
      : {}),
    blocked,
    problems,
    strings: texts.strings,
  };
}
