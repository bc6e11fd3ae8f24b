import { MARK } from '../analysis/span-reading.js';
import type { SpanTable } from '../analysis/span-table.js';
import { blockedLabel } from '../showing/blocked-text.js';
import { repeatedQueryText, slowQueryText } from '../showing/query-text.js';
import { attributesText, printable, valueText } from '../showing/text.js';
import type { ReceivedEvent, ReceivedLog } from '../telemetry.interface.js';
import type { EventColumns, LogColumns } from '../wire/trace-columns.interface.js';
import { rounded } from './span-columns.js';
import type { StringTable } from './string-table.js';

/** Events of one trace that are drawn; all of a span are in its detail. */
const MAX_EVENTS = 20_000;
const MAX_MESSAGE_CHARS = 500;

/** The time of something a span tells, in that of the trace; it is moved as the span is. */
export function timeIn(table: SpanTable, at: number, nanos: bigint): number {
  const moved = table.offsets[table.clock[at]!] ?? 0;
  return rounded(Number(nanos - table.startNanos) / 1e3 + moved);
}

/** Where each span is, by its id; of several with one id, the first. Empty if nobody asks. */
export function placesOf({ ids }: SpanTable, isWanted: boolean): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  if (isWanted) for (let at = ids.length - 1; at >= 0; at--) places.set(ids[at]!, at);
  return places;
}

/** The events of all spans. */
export function eventColumns(table: SpanTable, texts: StringTable): EventColumns {
  const events: { readonly at: number; readonly event: ReceivedEvent }[] = [];
  for (let at = 0; at < table.length && events.length < MAX_EVENTS; at++) {
    if ((table.marks[at]! & MARK.tells) === 0) continue;
    for (const event of table.spans[at]!.events) events.push({ at, event });
  }
  return {
    span: events.map(({ at }) => at),
    time: events.map(({ at, event }) => timeIn(table, at, event.timeNanos)),
    name: events.map(({ event }) => texts.add(event.name)),
    text: events.map(({ at, event }) =>
      texts.add(textOf(event, table.spans[at]!.name), MAX_MESSAGE_CHARS),
    ),
    kind: events.map(({ event }) => kindOf(event)),
  };
}

/** The log lines of a trace by time, those of spans that are not here too. */
export function logColumns(
  table: SpanTable,
  logs: readonly ReceivedLog[],
  texts: StringTable,
): LogColumns {
  const places = placesOf(table, logs.length > 0);
  const placed = logs
    .map((log) => {
      const at = places.get(log.spanId ?? '') ?? -1;
      return { at, log, time: timeIn(table, Math.max(0, at), log.timeNanos) };
    })
    .toSorted((one, other) => one.time - other.time);
  return {
    span: placed.map(({ at }) => at),
    time: placed.map(({ time }) => time),
    severity: placed.map(({ log }) => texts.add(log.severity, 20)),
    message: placed.map(({ log }) => texts.add(log.message, MAX_MESSAGE_CHARS)),
  };
}

function kindOf({ name }: ReceivedEvent): EventColumns['kind'][number] {
  if (name === 'exception') return 'exception';
  if (name === 'repeated query') return 'repeated';
  if (name === 'slow query') return 'slow';
  if (name === 'event_loop.blocked') return 'blocked';
  return name.startsWith('async.detached.') ? 'detached' : 'event';
}

function textOf({ name, attributes }: ReceivedEvent, spanName: string): string {
  if (name === 'repeated query') return repeatedQueryText(attributes).slice(2);
  if (name === 'slow query') return slowQueryText(attributes).slice(2);
  if (name === 'event_loop.blocked') return blockedLabel(attributes, spanName);
  if (name !== 'exception') return attributesText(attributes);
  const { 'exception.type': type = 'Error', 'exception.message': message = '' } = attributes;
  const text = typeof message === 'string' ? printable(message) : valueText(message);
  return `${valueText(type)}: ${text}`;
}
