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
  const received: Writable<ReceivedSpan> = {
    traceId,
    spanId,
    parentIsRemote: (flags & PARENT_IS_REMOTE) !== 0,
    name: textOf(span, 'name'),
    kind: KINDS[memberOf(span, 'kind', 'SPAN_KIND_', KINDS)] ?? 'UNSPECIFIED',
    startNanos: nanosOf(span, 'startTimeUnixNano'),
    endNanos: nanosOf(span, 'endTimeUnixNano'),
    status: STATUSES[memberOf(status, 'code', 'STATUS_CODE_', STATUSES)] ?? 'UNSET',
    attributes: attributesOf(span),
    events: decodeAll(span, 'events', decodeEvent),
    links: decodeAll(span, 'links', decodeLink),
    service: origin.service,
    origin,
  };
  const parentSpanId = idOf(span, 'parentSpanId', 8);
  if (parentSpanId !== undefined) received.parentSpanId = parentSpanId;
  if (flags !== 0) received.flags = flags;
  const statusMessage = textOf(status, 'message');
  if (statusMessage !== '') received.statusMessage = statusMessage;
  addRare(received, span);
  return received;
}

function addRare(received: Writable<ReceivedSpan>, span: Fields): void {
  const traceState = textOf(span, 'traceState');
  if (traceState !== '') received.traceState = traceState;
  const attributes = countOf(span, 'droppedAttributesCount');
  const events = countOf(span, 'droppedEventsCount');
  const links = countOf(span, 'droppedLinksCount');
  if (attributes + events + links > 0) received.lost = { attributes, events, links };
}

/** Most spans have none of them, and share the one empty list. */
function decodeAll<T>(span: Fields, field: string, decodeOne: (item: Fields) => T): readonly T[] {
  const items = listOf(span, field);
  return items.length === 0 ? NOTHING : items.map(decodeOne);
}

function decodeEvent(event: Fields): ReceivedEvent {
  return {
    name: textOf(event, 'name'),
    timeNanos: nanosOf(event, 'timeUnixNano'),
    attributes: attributesOf(event),
  };
}

function decodeLink(link: Fields): ReceivedLink {
  return { ...idsOf(link), attributes: attributesOf(link) };
}

function idsOf(source: Fields): Pick<ReceivedSpan, 'traceId' | 'spanId'> {
  const traceId = idOf(source, 'traceId', 16);
  const spanId = idOf(source, 'spanId', 8);
  if (traceId !== undefined && spanId !== undefined) return { traceId, spanId };
  const message = 'A span or link has no trace id or span id: the sender must set both.';
  throw new Refusal('malformed', message);
}
