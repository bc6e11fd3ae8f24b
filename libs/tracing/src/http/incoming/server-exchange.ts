import type { Context } from '@opentelemetry/api';
import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions';
import { enter } from '../../context/run-in.js';
import { guard } from '../../span/guard.js';
import { ATTR_TASK_CANCEL_REASON, ATTR_TASK_OUTCOME } from '../../span/outcome/called-off.js';
import type { SpanRecording } from '../../span/recording.js';
import { headerAttributes } from '../header-attributes.js';
import type { IncomingRequest } from '../http-options.interface.js';
import type { RequestMethod } from '../request-method.js';
import type { ActiveRequest } from './active-request.js';
import { eventAttributes } from './event-streams/exchange-events.js';
import type { ExchangeEvents } from './event-streams/exchange-events.js';
import { protocolVersion } from './request-attributes.js';
import { schemeOf } from './request-description.js';
import { ATTR_CLIENT_DISCONNECTED, failedStatus, ofStatus, outcomeOf } from './response-outcome.js';
import type { OutgoingResponse, ResponseOutcome } from './response-outcome.js';
import type { RouteSearch } from './routes/route-search.interface.js';
import type { RequestDuration } from './request-duration.js';
import type { SpanNames } from './span-names.js';

/** Holds a response's headers. Fastify keeps them in its reply and never in Node's response. */
interface HeaderSource {
  getHeader(name: string): string | number | string[] | undefined;
}

/** The parties of an exchange: Node's request and response, and what the framework makes of them. */
export interface ExchangeParties {
  readonly request: IncomingRequest;
  readonly response: OutgoingResponse;
  readonly frameworkRequest: object;
  readonly reply: HeaderSource;
}

/** The facts that spans and metrics of an exchange tell, beside its outcome. */
interface ExchangeFacts {
  readonly method: RequestMethod;
  /** The route that the span has been named after already. */
  readonly route: string | undefined;
  readonly active: ActiveRequest;
  /** The context that its work runs in. */
  readonly context: Context;
  /** Undefined without a span, or if that is sampled out. */
  readonly recording: SpanRecording | undefined;
}

/** The settings of an application, for each of its exchanges. */
export interface ExchangeSettings {
  readonly duration: RequestDuration;
  readonly responseHeaders: readonly string[];
  readonly routes: RouteSearch | undefined;
  readonly names: SpanNames;
}

/**
 * One request and its response: from when it came to when the response has ended or its client has
 * gone. Only the response's own listener knows it; no context may lead to it.
 */
export class ServerExchange {
  readonly #facts: ExchangeFacts;
  readonly #settings: ExchangeSettings;
  readonly #startMillis: number;
  readonly #scheme: string;
  #parties: ExchangeParties | undefined;
  #events: ExchangeEvents | undefined;

  constructor(parties: ExchangeParties, facts: ExchangeFacts, settings: ExchangeSettings) {
    this.#parties = parties;
    this.#facts = facts;
    this.#settings = settings;
    const { enabled } = settings.duration;
    this.#startMillis = enabled ? performance.now() : NaN;
    this.#scheme = enabled ? schemeOf(parties.frameworkRequest, parties.request) : '';
  }

  /** The context that its work runs in. */
  get context(): Context {
    return this.#facts.context;
  }

  /** Its route, as far as it is known. */
  get route(): string | undefined {
    return this.#facts.active.route;
  }

  /** Whether its response is a stream of server-sent events. */
  get isStream(): boolean {
    return this.#events !== undefined;
  }

  /** Takes that its response is a stream of server-sent events. */
  streams(events: ExchangeEvents = {}): void {
    this.#events = events;
  }

  /** Ends the span, once, at the first of the response's two last events. */
  end(event: 'finish' | 'close'): void {
    const parties = this.#parties;
    this.#parties = undefined;
    if (parties !== undefined && this.#isWanted) {
      this.#conclude(parties, outcomeOf(parties.request, parties.response, event));
    }
    if (event === 'close' && this.#events !== undefined) this.#leaveStream();
    else this.#facts.recording?.end();
  }

  /** Ends the span of a request that was answered past its response, or whose response goes on. */
  answered(statusCode: number): void {
    const parties = this.#parties;
    if (parties === undefined) return;
    this.#parties = undefined;
    if (this.#isWanted) this.#conclude(parties, ofStatus(statusCode));
    this.#facts.recording?.end();
  }

  /** Ends the span of a stream that is still open when the application closes. It has not failed. */
  interrupt(): void {
    if (this.#parties === undefined) return;
    const { span } = this.#facts.recording ?? {};
    span?.setAttribute(ATTR_TASK_OUTCOME, 'cancelled');
    span?.setAttribute(ATTR_TASK_CANCEL_REASON, 'the application closes');
    this.answered(this.#parties.response.statusCode);
  }

  /**
   * The client has gone. Nest hears it from the connection, right after us, and takes the events' source
   * down in no request's context: it is given this one, until the connection has told everybody.
   */
  #leaveStream(): void {
    const { recording, context } = this.#facts;
    enter(context);
    process.nextTick(() => {
      this.#events?.spans?.leave();
      recording?.end();
    });
  }

  /** Whether anybody wants to know how it ends: nobody does of a request that is sampled out for good. */
  get #isWanted(): boolean {
    return this.#settings.duration.enabled || this.#facts.recording?.isHeeded === true;
  }

  #conclude(parties: ExchangeParties, outcome: ResponseOutcome): void {
    const { recording } = this.#facts;
    if (outcome.failed) recording?.revive();
    if (!this.#settings.duration.enabled && recording?.span.isRecording() !== true) return;
    const route = this.#routeOf(parties);
    if (this.#settings.duration.enabled) this.#measure(parties, route, outcome);
    if (recording?.span.isRecording() === true) {
      this.#describe(recording, parties, route, outcome);
    }
  }

  #routeOf({ frameworkRequest }: ExchangeParties): string | undefined {
    const { route, isUnmatched } = this.#facts.active;
    const { routes } = this.#settings;
    if (route !== undefined || isUnmatched || routes === undefined) return route;
    return guard('finding a route', () => routes.find(frameworkRequest));
  }

  #describe(
    { span }: SpanRecording,
    { response, reply }: ExchangeParties,
    route: string | undefined,
    outcome: ResponseOutcome,
  ): void {
    const { method, route: named, active } = this.#facts;
    if (active.isUnmatched && active.isNamed) span.updateName(method.inName);
    else if (route !== undefined && route !== named) {
      span.updateName(this.#settings.names.of(method, route)).setAttribute(ATTR_HTTP_ROUTE, route);
    }
    span.setAttributes(outcome.attributes);
    if (outcome.failed) span.setStatus(failedStatus(active.failure));
    if (this.#events !== undefined) span.setAttributes(eventAttributes(this.#events));
    const { responseHeaders } = this.#settings;
    if (responseHeaders.length === 0) return;
    const read = (name: string) => reply.getHeader(name) ?? response.getHeader(name);
    span.setAttributes(headerAttributes('http.response.header', responseHeaders, read));
  }

  #measure(
    { request }: ExchangeParties,
    route: string | undefined,
    { attributes }: ResponseOutcome,
  ): void {
    const { method } = this.#facts;
    const { [ATTR_CLIENT_DISCONNECTED]: _, ...outcome } = attributes;
    this.#settings.duration.record(this.#startMillis, {
      [ATTR_HTTP_REQUEST_METHOD]: method.method,
      [ATTR_URL_SCHEME]: this.#scheme,
      [ATTR_NETWORK_PROTOCOL_VERSION]: protocolVersion(request.httpVersion),
      ...(route === undefined ? {} : { [ATTR_HTTP_ROUTE]: route }),
      ...outcome,
    });
  }
}
