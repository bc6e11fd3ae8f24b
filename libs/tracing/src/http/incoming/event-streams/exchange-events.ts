import type { Attributes } from '@opentelemetry/api';
import type { EventCount } from './event-count.js';
import type { EventSpans } from './event-spans.js';

/** How many server-sent events a response has had. */
const ATTR_EVENTS = 'async.sse.events';
const EVENT_STREAM: Attributes = { 'http.response.header.content-type': ['text/event-stream'] };

/** Who is told of the events of a response: its span lasts as long as they come, or each has its own. */
export interface ExchangeEvents {
  readonly count?: EventCount;
  readonly spans?: EventSpans;
}

/** Says what a request's span is to say of them when it ends. */
export function eventAttributes({ count }: ExchangeEvents): Attributes {
  return count === undefined ? EVENT_STREAM : { ...EVENT_STREAM, [ATTR_EVENTS]: count.value };
}
