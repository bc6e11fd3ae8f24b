import type {
  Origin,
  ReceivedEvent,
  ReceivedLink,
  ReceivedSpan,
} from '../../telemetry.interface.js';
import {
  asFields,
  countOf,
  fieldsOf,
  listOf,
  memberOf,
  nanosOf,
  textOf,
  type Fields,
} from './fields.js';
import { originOf, resourceOf } from './origin.js';
import { attributesOf, idOf } from './otlp-value.js';
import { Room } from './room.js';
import { Refusal } from '../refusal.error.js';

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
const STATUSES = ['UNSET', 'OK', 'ERROR'] as const;
/** `SPAN_FLAGS_CONTEXT_IS_REMOTE_MASK`; set only together with its "known" bit. */
const PARENT_IS_REMOTE = 0x200;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const NOTHING: readonly never[] = Object.freeze([]);

/** What senders from before OTLP 1.0 called a scope. */
const OLD_SCOPE_SPANS = 'instrumentationLibrarySpans';

/**
 * The spans of an `ExportTraceServiceRequest`, flat, each with what sent it.
 *
 * @throws Refusal at the first field that is not what OTLP has there.
 */
export function decodeTraces(request: unknown): ReceivedSpan[] {
  return listOf(asFields(request, 'request'), 'resourceSpans').flatMap((resourceSpans) => {
    const resource = resourceOf(resourceSpans);
    return [...listOf(resourceSpans, 'scopeSpans'), ...listOf(resourceSpans, OLD_SCOPE_SPANS)]
      .map((scope) => ({ scope, origin: originOf(resource, scope) }))
      .flatMap(({ scope, origin }) => listOf(scope, 'spans').map((span) => decode(span, origin)));
  });
}

/** One literal, then what few spans have: spans of one layout are small, and quick to read. */
function decode(span: Fields, origin: Origin): ReceivedSpan {
  const { traceId, spanId } = idsOf(span);
  const status = fieldsOf(span, 'status');
  const flags = countOf(span, 'flags');
  const room = new Room();
  const received: Writable<ReceivedSpan> = {
    traceId,
    spanId,
    parentIsRemote: (flags & PARENT_IS_REMOTE) !== 0,
    name: textOf(span, 'name'),
    kind: KINDS[memberOf(span, 'kind', 'SPAN_KIND_', KINDS)] ?? 'UNSPECIFIED',
    startNanos: nanosOf(span, 'startTimeUnixNano'),
    endNanos: nanosOf(span, 'endTimeUnixNano'),
    status: STATUSES[memberOf(status, 'code', 'STATUS_CODE_', STATUSES)] ?? 'UNSET',
    attributes: attributesOf(span, room),
    events: decodeAll(listOf(span, 'events'), room, decodeEvent),
    links: decodeAll(listOf(span, 'links'), room, decodeLink),
    service: origin.service,
    origin,
  };
  const parentSpanId = idOf(span, 'parentSpanId', 8);
  if (parentSpanId !== undefined) received.parentSpanId = parentSpanId;
  if (flags !== 0) received.flags = flags;
  const statusMessage = textOf(status, 'message');
  if (statusMessage !== '') received.statusMessage = statusMessage;
  addRare(received, span, room);
  return received;
}

function addRare(received: Writable<ReceivedSpan>, span: Fields, room: Room): void {
  const traceState = textOf(span, 'traceState');
  if (traceState !== '') received.traceState = traceState;
  const attributes = countOf(span, 'droppedAttributesCount') + room.leftOut;
  const events = countOf(span, 'droppedEventsCount') + leftOut(span, 'events', received, room);
  const links = countOf(span, 'droppedLinksCount') + leftOut(span, 'links', received, room);
  if (attributes + events + links > 0) received.lost = { attributes, events, links };
}

/** How many of them there was no room for. */
function leftOut(span: Fields, field: 'events' | 'links', received: ReceivedSpan, room: Room) {
  return room.isFull ? listOf(span, field).length - received[field].length : 0;
}

/** Most spans have none of them, and share the one empty list. */
function decodeAll<T>(
  items: readonly Fields[],
  room: Room,
  decodeOne: (item: Fields, room: Room) => T,
): readonly T[] {
  if (items.length === 0) return NOTHING;
  const decoded: T[] = [];
  for (const item of items) {
    if (room.isFull) break;
    room.takeValue();
    decoded.push(decodeOne(item, room));
  }
  return decoded;
}

function decodeEvent(event: Fields, room: Room): ReceivedEvent {
  const name = textOf(event, 'name');
  room.takeText(name);
  return { name, timeNanos: nanosOf(event, 'timeUnixNano'), attributes: attributesOf(event, room) };
}

function decodeLink(link: Fields, room: Room): ReceivedLink {
  return { ...idsOf(link), attributes: attributesOf(link, room) };
}

function idsOf(source: Fields): Pick<ReceivedSpan, 'traceId' | 'spanId'> {
  const traceId = idOf(source, 'traceId', 16);
  const spanId = idOf(source, 'spanId', 8);
  if (traceId !== undefined && spanId !== undefined) return { traceId, spanId };
  const message = 'A span or link has no trace id or span id: the sender must set both.';
  throw new Refusal('malformed', message);
}
