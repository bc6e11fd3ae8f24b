import type { SpanTable } from '../analysis/span-table.js';
import { processOf, type BlockedLoop } from '../store/blocked-loops.js';
import type { TraceStore } from '../store/trace-store.js';
import type { ReceivedSpan } from '../telemetry.interface.js';
import type { BlockedBand } from '../wire/blocked-band.interface.js';
import { timeIn } from './event-columns.js';

const MAX_BANDS = 200;
/** Processes of one trace whose event loops are looked up. */
const MAX_PROCESSES = 50;

/** For how long the event loops of a trace were blocked while it ran, by itself or by others. */
export function blockedBands(table: SpanTable, store: TraceStore, traceId: string): BlockedBand[] {
  if (store.blockedLoops.isEmpty) return [];
  return [...processes(table).values()]
    .flatMap(({ at, first, last }) =>
      store.blockedLoops.during(table.spans[at]!, first, last).map((loop) => ({ at, loop })),
    )
    .slice(0, MAX_BANDS)
    .map(({ at, loop }) => {
      const span = loop.traceId === traceId ? table.ids.indexOf(loop.spanId) : -1;
      return band(table, at, loop, span);
    });
}

function band(table: SpanTable, at: number, loop: BlockedLoop, span: number): BlockedBand {
  const { traceId, spanId, service, source, place, cause, startNanos, endNanos } = loop;
  const start = timeIn(table, at, startNanos);
  const duration = Number(endNanos - startNanos) / 1e3;
  return { start, duration, span, traceId, spanId, service, source, place, cause };
}

interface Extent {
  readonly at: number;
  first: bigint;
  last: bigint;
}

/** When each process of a trace was busy with it. */
function processes({ spans }: SpanTable): Map<string, Extent> {
  const found = new Map<string, Extent>();
  const names = new Map<ReceivedSpan['origin'], string>();
  for (const [at, span] of spans.entries()) {
    if (!span) continue;
    const process = names.get(span.origin) ?? processOf(span);
    if (span.origin) names.set(span.origin, process);
    const extent = found.get(process);
    if (extent) widen(extent, span);
    else if (found.size < MAX_PROCESSES) {
      found.set(process, { at, first: span.startNanos, last: span.endNanos });
    }
  }
  return found;
}

function widen(extent: Extent, { startNanos, endNanos }: ReceivedSpan): void {
  if (startNanos < extent.first) extent.first = startNanos;
  if (endNanos > extent.last) extent.last = endNanos;
}
