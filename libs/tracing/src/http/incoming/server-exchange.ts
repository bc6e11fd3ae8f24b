import { SpanStatusCode } from '@opentelemetry/api';
import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions';
import type { SpanRecording } from '../../span/recording.js';
import { headerAttributes } from '../header-attributes.js';
import type { RequestMethod } from '../request-method.js';
import { expressRoute } from './framework-request.js';
import type { FrameworkRequest } from './framework-request.js';
import { protocolVersion } from './request-attributes.js';
import { ATTR_CLIENT_DISCONNECTED, outcomeOf } from './response-outcome.js';
import type { OutgoingResponse, ResponseOutcome } from './response-outcome.js';
import type { RequestDuration } from './request-duration.js';

/** What is asked for a response's header. Fastify keeps them in its reply and never in Node's response. */
export interface HeaderSource {
  getHeader(name: string): string | number | string[] | undefined;
}

/** What is known of a request when its span opens. */
export interface ExchangeStart {
  readonly request: FrameworkRequest;
  readonly given: object;
  readonly response: OutgoingResponse;
  readonly reply: HeaderSource;
  readonly method: RequestMethod;
  readonly responseHeaders: readonly string[];
}

/** One request and its response: from when it came to when the response has ended or its client has gone. */
export class ServerExchange {
  readonly #start: ExchangeStart;
  readonly #duration: RequestDuration;
  readonly #startMillis = performance.now();
  #recording: SpanRecording | undefined;
  #route: string | undefined;
  #open = true;

  constructor(start: ExchangeStart, duration: RequestDuration) {
    this.#start = start;
    this.#duration = duration;
    this.#route = start.request.route;
  }

  /** Gives the exchange its span. */
  recordInto(recording: SpanRecording | undefined): void {
    this.#recording = recording;
  }

  /** Whether it is about this request: a module that is imported twice sees each request twice. */
  isOf(raw: object): boolean {
    return this.#start.request.raw === raw;
  }

  /** The route's template, when it is known. The last one to tell is right. */
  matched(route: string): void {
    this.#route = route.startsWith('/') ? route : `/${route}`;
  }

  /** Ends the span, once, at the first of the response's two last events. */
  end(event: 'finish' | 'close'): void {
    if (!this.#open) return;
    this.#open = false;
    const route = this.#route ?? expressRoute(this.#start.given);
    const outcome = outcomeOf(this.#start.request.raw, this.#start.response, event);
    if (this.#duration.enabled) this.#measure(route, outcome);
    const recording = this.#recording;
    if (recording?.span.isRecording() === true) this.#describe(recording, route, outcome);
    recording?.end();
  }

  #describe({ span }: SpanRecording, route: string | undefined, outcome: ResponseOutcome): void {
    const { method, responseHeaders, response, reply } = this.#start;
    if (route !== undefined) {
      span.updateName(`${method.inName} ${route}`).setAttribute(ATTR_HTTP_ROUTE, route);
    }
    span.setAttributes(outcome.attributes);
    if (outcome.failed) span.setStatus({ code: SpanStatusCode.ERROR });
    if (responseHeaders.length === 0) return;
    const read = (name: string) => reply.getHeader(name) ?? response.getHeader(name);
    span.setAttributes(headerAttributes('http.response.header', responseHeaders, read));
  }

  #measure(route: string | undefined, { attributes }: ResponseOutcome): void {
    const { method, request } = this.#start;
    const { [ATTR_CLIENT_DISCONNECTED]: _, ...outcome } = attributes;
    this.#duration.record(this.#startMillis, {
      [ATTR_HTTP_REQUEST_METHOD]: method.method,
      [ATTR_URL_SCHEME]: request.scheme,
      [ATTR_NETWORK_PROTOCOL_VERSION]: protocolVersion(request.raw.httpVersion),
      ...(route === undefined ? {} : { [ATTR_HTTP_ROUTE]: route }),
      ...outcome,
    });
  }
}
