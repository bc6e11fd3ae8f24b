import { MARK } from '../analysis/span-reading.js';
import type { SpanTable } from '../analysis/span-table.js';
import type { Backlink } from '../store/backlinks.js';
import type { TraceStore } from '../store/trace-store.js';
import type { ReceivedEvent, ReceivedSpan } from '../telemetry.interface.js';
import type { LinkColumns, LinkKind } from '../wire/trace-columns.interface.js';
import { placesOf } from './event-columns.js';
import { rounded } from './span-columns.js';
import type { StringTable } from './string-table.js';

const MAX_LINKS = 5_000;

interface Found {
  readonly at: number;
  readonly kind: LinkKind;
  readonly traceId: string;
  readonly spanId: string;
  /** What is known of the other span if it is not here. */
  readonly name: string;
}

/** The links of a trace in both directions; what this trace started and what links back are one. */
export function linkColumns(
  table: SpanTable,
  store: TraceStore,
  traceId: string,
  texts: StringTable,
): LinkColumns {
  const own: Found[] = [];
  for (let at = 0; at < table.length && own.length < MAX_LINKS; at++) {
    if ((table.marks[at]! & MARK.tells) === 0) continue;
    for (const link of linksOf(table.spans[at]!, at)) own.push(link);
  }
  const told = new Set(own.map(keyOf));
  const backlinks = store.linksTo(traceId);
  const places = placesOf(table, backlinks.length > 0);
  const back = backlinks
    .map((link) => backlink(link, places))
    .filter((link) => !told.has(keyOf(link)));
  const links = [...own, ...back].slice(0, MAX_LINKS);
  const others = links.map(({ traceId: id, spanId }) => store.trace(id)?.span(spanId));
  const micros = (nanos: bigint) => rounded(Number(nanos - table.startNanos) / 1e3);
  return {
    span: links.map(({ at }) => at),
    kind: links.map(({ kind }) => kind),
    traceId: links.map((link) => link.traceId),
    spanId: links.map(({ spanId }) => spanId),
    isKnown: others.map((other) => other !== undefined),
    name: links.map(({ name }, index) => texts.add(others[index]?.name ?? name)),
    start: others.map((other) => (other ? micros(other.startNanos) : null)),
    duration: others.map((other) => (other ? durationOf(other) : null)),
  };
}

function linksOf(span: ReceivedSpan, at: number): Found[] {
  const isDetached = span.attributes['async.detached.origin'] !== undefined;
  const links = span.links.map(({ traceId, spanId }, index) => ({
    at,
    kind: isDetached && index === 0 ? ('origin' as const) : ('link' as const),
    traceId,
    spanId,
    name: '',
  }));
  return [...links, ...span.events.flatMap((event) => startedBy(event, at))];
}

function startedBy({ name, attributes }: ReceivedEvent, at: number): Found[] {
  if (name !== 'async.detached.started') return [];
  const {
    'async.detached.trace_id': traceId,
    'async.detached.span_id': spanId,
    'async.detached.name': work,
  } = attributes;
  if (typeof traceId !== 'string' || typeof spanId !== 'string') return [];
  return [{ at, kind: 'started', traceId, spanId, name: typeof work === 'string' ? work : '' }];
}

function backlink(
  { traceId, spanId, targetSpanId }: Backlink,
  places: ReadonlyMap<string, number>,
): Found {
  return { at: places.get(targetSpanId) ?? -1, kind: 'backlink', traceId, spanId, name: '' };
}

function keyOf({ traceId, spanId }: Found): string {
  return `${traceId} ${spanId}`;
}

function durationOf({ startNanos, endNanos }: ReceivedSpan): number {
  return rounded(Math.max(0, Number(endNanos - startNanos) / 1e3));
}
