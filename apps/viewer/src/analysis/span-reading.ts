import { numberOf } from '../showing/text.js';
import { statementOf } from '../store/statement.js';
import type { ReceivedSpan } from '../telemetry.interface.js';
import { KINDS, OUTCOMES, SPAN_FLAG, STATUSES } from '../wire/span-codes.js';
import { numberIn, Senders } from './senders.js';
import type { SpanNodes } from './span-nodes.js';
import { readTimes, type SpanTimes } from './span-times.js';

/** Bits of {@link SpanReading.marks}: what few spans have, so that the others need not be asked. */
export const MARK = {
  /** Events or links. */
  tells: 1,
  /** Something of it was dropped, by its sender or here. */
  lossy: 2,
} as const;

/** What is read of the spans of a trace, each by its place. */
export interface SpanReading extends SpanTimes {
  readonly kind: Uint8Array;
  readonly status: Uint8Array;
  readonly outcome: Uint8Array;
  readonly marks: Uint8Array;
  /** Index into `names`; -1 for a span that never arrived, as the two below. */
  readonly name: Int32Array;
  /** Index into `services`. */
  readonly service: Int32Array;
  /** Which clock it was timed by: that of its process. */
  readonly clock: Int32Array;
  /** Where tasks stand that started in one millisecond. */
  readonly rank: Float64Array;
  /** What tells repeats, of each span that has it. */
  readonly statements: readonly (string | undefined)[];
  readonly names: readonly string[];
  readonly services: readonly string[];
}

/**
 * Reads spans, each of them once: they lie all over the memory, and to fetch fifty thousand of them once
 * more for each thing to know takes longer than all that is done with it.
 */
export function readSpans({ spans, parent }: SpanNodes): SpanReading {
  const reading = emptyReading(spans.length);
  const nanos = new BigUint64Array(2 * spans.length);
  const senders = new Senders();
  const names = new Map<string, number>();
  const statements: (string | undefined)[] = [];
  for (let at = 0; at < spans.length; at++) {
    const span = spans[at];
    statements.push(span && statementOf(span));
    if (!span) continue;
    nanos[2 * at] = span.startNanos;
    nanos[2 * at + 1] = span.endNanos;
    readFacts(reading, at, span);
    const sender = senders.of(span);
    reading.service[at] = sender.service;
    reading.clock[at] = sender.clock;
    reading.name[at] = numberIn(names, span.name);
  }
  const times = readTimes(nanos, reading.flags);
  placeMissing({ spans, parent }, times);
  return { ...reading, ...times, statements, names: [...names.keys()], services: senders.services };
}

type Growing = ReturnType<typeof emptyReading>;

function emptyReading(count: number) {
  return {
    flags: new Uint16Array(count),
    kind: new Uint8Array(count),
    status: new Uint8Array(count),
    outcome: new Uint8Array(count),
    marks: new Uint8Array(count),
    name: new Int32Array(count).fill(-1),
    service: new Int32Array(count).fill(-1),
    clock: new Int32Array(count).fill(-1),
    rank: new Float64Array(count),
  };
}

function readFacts(reading: Growing, at: number, span: ReceivedSpan): void {
  const { attributes, status, kind, events, links, lost, parentIsRemote, isPending } = span;
  reading.kind[at] = Math.max(0, KINDS.indexOf(kind as 'INTERNAL'));
  reading.status[at] = STATUSES.indexOf(status);
  const outcome = attributes['async.task.outcome'];
  if (outcome !== undefined) reading.outcome[at] = Math.max(0, OUTCOMES.indexOf(outcome as 'ok'));
  reading.rank[at] = numberOf(attributes['async.task.index']);
  reading.flags[at]! |=
    (status === 'ERROR' ? SPAN_FLAG.error : 0) |
    (isPending ? SPAN_FLAG.pending : 0) |
    (parentIsRemote ? SPAN_FLAG.remote : 0) |
    (attributes['async.detached.origin'] === undefined ? 0 : SPAN_FLAG.detached);
  const isLossy = lost !== undefined || numberOf(attributes['async.spans.dropped']) > 0;
  reading.marks[at] =
    (events.length + links.length > 0 ? MARK.tells : 0) | (isLossy ? MARK.lossy : 0);
}

/** What never arrived is drawn around what names it. */
function placeMissing(
  { spans, parent }: Pick<SpanNodes, 'spans' | 'parent'>,
  { start, end, flags }: SpanTimes,
): void {
  for (let at = 0; at < parent.length; at++) {
    const above = parent[at]!;
    if (above < 0 || spans[above]) continue;
    const isFirst = (flags[above]! & SPAN_FLAG.missing) === 0;
    flags[above]! |= SPAN_FLAG.missing;
    start[above] = isFirst ? start[at]! : Math.min(start[above]!, start[at]!);
    end[above] = isFirst ? end[at]! : Math.max(end[above]!, end[at]!);
  }
}
