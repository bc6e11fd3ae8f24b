import type { BlockedBand } from '../../../src/wire/blocked-band.interface.js';
import type { LinkColumns, SpanColumns } from '../../../src/wire/trace-columns.interface.js';
import type { TraceDetail, TraceService } from '../../../src/wire/trace-detail.interface.js';

/** Spans of another trace that stand in the waterfall of this one, from..to - 1. */
export interface JoinedPart {
  readonly traceId: string;
  /** The link of this trace that leads there: its row is the one above theirs. */
  readonly link: number;
  readonly from: number;
  readonly to: number;
}

/** A trace together with others that it is linked to, on its own axis of time. */
export interface JoinedTrace {
  readonly detail: TraceDetail;
  readonly parts: readonly JoinedPart[];
}

/** The first link into another trace whose time is known and not before this trace; -1 if there is none. */
export function linkInto({ links }: Pick<TraceDetail, 'links'>, traceId: string): number {
  return links.traceId.findIndex((id, link) => id === traceId && (links.start[link] ?? -1) >= 0);
}

/**
 * Puts other traces behind the spans of one, moved to its axis of time by the link that leads there;
 * what no link leads to is left out. Their spans are roots still: neither self time nor the critical
 * path of this trace know of them.
 */
export function joinTraces(detail: TraceDetail, others: readonly TraceDetail[]): JoinedTrace {
  const parts: JoinedPart[] = [];
  let joined = detail;
  for (const other of others) {
    const link = linkInto(detail, other.traceId);
    const target = indexOfSpan(other, detail.links.spanId[link] ?? '');
    if (link < 0 || target < 0) continue;
    const from = joined.spans.parent.length;
    const shift = detail.links.start[link]! - other.spans.start[target]!;
    joined = withSpansOf(joined, other, shift);
    parts.push({ traceId: other.traceId, link, from, to: joined.spans.parent.length });
  }
  return { detail: joined, parts };
}

function indexOfSpan({ spans }: TraceDetail, id: string): number {
  return spans.parent.findIndex((_, span) => id !== '' && spans.ids.startsWith(id, span * 16));
}

function withSpansOf(detail: TraceDetail, other: TraceDetail, shift: number): TraceDetail {
  const spanBase = detail.spans.parent.length;
  const textBase = detail.strings.length;
  const services = joinedServices(detail.services, other.services);
  const numbers = other.services.map(({ name }) =>
    services.findIndex((each) => each.name === name),
  );
  const at = (index: number) => (index < 0 ? -1 : index + spanBase);
  const text = (index: number) => (index < 0 ? -1 : index + textBase);
  const later = (time: number) => time + shift;
  const { events, logs, links } = detail;
  return {
    ...detail,
    services,
    strings: [...detail.strings, ...other.strings],
    spans: joinedSpans(detail.spans, {
      ...other.spans,
      parent: other.spans.parent.map(at),
      start: other.spans.start.map(later),
      name: other.spans.name.map(text),
      statement: other.spans.statement.map(text),
      service: other.spans.service.map((service) => numbers[service]!),
    }),
    calls: joinedColumns(detail.calls, { ...other.calls, span: other.calls.span.map(at) }),
    links: joinedColumns<LinkColumns>(links, {
      ...other.links,
      span: other.links.span.map(at),
      name: other.links.name.map(text),
      start: other.links.start.map((start) => (start === null ? null : later(start))),
    }),
    events: joinedColumns(events, {
      ...other.events,
      span: other.events.span.map(at),
      time: other.events.time.map(later),
      name: other.events.name.map(text),
      text: other.events.text.map(text),
    }),
    logs: joinedColumns(logs, {
      span: other.logs.span.map(at),
      time: other.logs.time.map(later),
      severity: other.logs.severity.map(text),
      message: other.logs.message.map(text),
    }),
    blocked: joinedBands(
      detail.blocked,
      other.blocked.map((band) => ({ ...band, start: later(band.start), span: at(band.span) })),
    ),
  };
}

function joinedServices(
  services: readonly TraceService[],
  others: readonly TraceService[],
): TraceService[] {
  const known = new Set(services.map(({ name }) => name));
  return [...services, ...others.filter(({ name }) => !known.has(name))];
}

function joinedSpans(
  { ids, ...columns }: SpanColumns,
  { ids: otherIds, ...others }: SpanColumns,
): SpanColumns {
  return { ids: ids + otherIds, ...joinedColumns(columns, others) };
}

/** What two traces of a process have waited for is one band, on the span that blocked if that is there. */
function joinedBands(
  bands: readonly BlockedBand[],
  others: readonly BlockedBand[],
): readonly BlockedBand[] {
  if (others.length === 0) return bands;
  const joined = [...bands];
  for (const other of others) {
    const known = joined.findIndex((band) => isSameBand(band, other));
    if (known < 0) joined.push(other);
    else if (joined[known]!.span < 0) joined[known] = { ...joined[known]!, span: other.span };
  }
  return joined;
}

/** The two may differ by what times are rounded to, and by clocks that were moved. */
function isSameBand(one: BlockedBand, other: BlockedBand): boolean {
  const isOfOneSpan = one.traceId === other.traceId && one.spanId === other.spanId;
  return isOfOneSpan && Math.abs(one.start - other.start) < one.duration / 2;
}

/** Each column of one followed by the same column of the other. */
function joinedColumns<T extends { readonly [K in keyof T]: readonly unknown[] }>(
  columns: T,
  others: T,
): T {
  const names = Object.keys(columns) as (keyof T)[];
  const joined = names.map((name) => [name, [...columns[name], ...others[name]]]);
  return Object.fromEntries(joined) as T;
}
