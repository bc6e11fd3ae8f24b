import type { IncomingMessage, ServerResponse } from 'node:http';
import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { runInNew } from '../../context/run-in.js';
import { registeredTracer } from '../../span/registered-provider.js';
import type { RemoteParent } from '../../entry/remote-parent.js';
import { guard } from '../../span/guard.js';
import { leftOutContext } from '../../span/left-out.js';
import { SpanRecording } from '../../span/recording.js';
import type { IncomingHttpOptions } from '../http-options.interface.js';
import { requestMethod } from '../request-method.js';
import type { RequestMethod } from '../request-method.js';
import { ActiveRequest } from './active-request.js';
import { SharedContext, bindEvents } from './bind-events.js';
import { EventStreams } from './event-streams/event-streams.js';
import type { ForeignServerSpans } from './foreign-server-spans.js';
import { ignoreRule } from './ignored-requests.js';
import type { IgnoreRule } from './ignored-requests.js';
import { requestParent } from './request-parent.js';
import type { RequestRecording } from './request-attributes.js';
import { requestPairs, requestRecording } from './request-attributes.js';
import { earlyRoute, requestSubject } from './request-subject.js';
import { describeRequest, nodeRequest } from './request-description.js';
import { RequestDuration } from './request-duration.js';
import { ServerExchange } from './server-exchange.js';
import type { RouteSearch } from './routes/route-search.interface.js';
import type { ExchangeParties, ExchangeSettings } from './server-exchange.js';
import { SpanNames } from './span-names.js';
import { serverSpanOptions } from './server-span-options.js';
import type { OutgoingResponse } from './response-outcome.js';
import { whenUpgradeAnswered } from './upgrade-answer.js';

/** In which requests are handled that are not to be traced. */
const IGNORED = new SharedContext(suppressTracing(ROOT_CONTEXT));

const NO_ARGUMENTS: readonly never[] = [];

type Options = Required<IncomingHttpOptions>;

/** Node's response, which Express uses, or Fastify's reply. */
type AnyReply = OutgoingResponse & { readonly raw?: OutgoingResponse };

/**
 * Opens the SERVER span of each request that an application gets. The span starts when the adapter's
 * request hook, or what stands in for it, calls `handle`, and ends when the response has ended or its
 * client has gone, after every listener of the response.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */
export class IncomingHttp {
  readonly #options: Options;
  readonly #recording: RequestRecording;
  readonly #ignores: IgnoreRule | undefined;
  readonly #foreign: ForeignServerSpans;
  readonly #streams: EventStreams;
  readonly #names = new SpanNames();
  #settings: ExchangeSettings | undefined;
  #routes: RouteSearch | undefined;
  #isEarly = false;

  constructor(options: Options, foreign: ForeignServerSpans) {
    this.#options = options;
    this.#ignores = ignoreRule(options.ignore);
    this.#foreign = foreign;
    this.#streams = new EventStreams(options.sse);
    this.#recording = requestRecording(options);
  }

  /**
   * Runs the rest of a request inside its span. Whatever is wrong with the tracing of it, `next` is
   * called, once.
   *
   * @param frameworkRequest the request, as the framework has it
   * @param reply the response, as the framework has it
   * @param next what handles the request
   */
  handle<T>(frameworkRequest: object, reply: object, next: () => T): T {
    const ctx = guard('tracing a request', () => this.#open(frameworkRequest, reply as AnyReply));
    return ctx === undefined ? next() : (runInNew(ctx, next, undefined, NO_ARGUMENTS) as T);
  }

  /** Takes the route that handles the active request. */
  matched(route: string): void {
    ActiveRequest.current()?.matched(route, this.#names);
  }

  /**
   * Searches the routes that Nest does not know by this, from now on.
   *
   * @param isEarly whether it knows them before any hook, so that samplers can see them
   */
  searchRoutes(routes: RouteSearch | undefined, isEarly: boolean): void {
    this.#settings = undefined;
    this.#routes = routes;
    this.#isEarly = isEarly;
  }

  /** The application closes: ends the spans of streams that are open. */
  endStreams(): void {
    this.#streams.stop();
  }

  /**
   * Records a request that its framework has answered and told nobody of.
   *
   * @param startTime when it came, in milliseconds since 1970
   */
  recordUnrouted(request: IncomingMessage, response: ServerResponse, startTime: number): void {
    guard('tracing a request', () => {
      if (ActiveRequest.hasMarked(request) || this.#foreign.handle(context.active())) return;
      if (this.#ignores?.(request, request) === true) return;
      const parties = { request, response, frameworkRequest: request, reply: response };
      this.#begin(parties, startTime).end('close');
    });
  }

  #open(frameworkRequest: object, reply: AnyReply): Context | undefined {
    const request = nodeRequest(frameworkRequest);
    const active = context.active();
    const outer = ActiveRequest.in(active);
    if (outer === undefined ? this.#foreign.handle(active) : outer.isOf(request)) return undefined;
    const response = reply.raw ?? reply;
    if (this.#ignores?.(request, frameworkRequest) === true) {
      IGNORED.bindEvents(request, response);
      return IGNORED.context;
    }
    const exchange = this.#begin({ request, response, frameworkRequest, reply });
    whenUpgradeAnswered(request, response, (statusCode) => {
      guard('ending the span of a request', () => exchange.answered(statusCode));
    });
    bindEvents(request, response, exchange.context, (event, argument) => {
      if (event === 'pipe') {
        guard('following a stream', () => this.#streams.piped(argument, response, exchange));
      } else this.#end(exchange, event);
    });
    return exchange.context;
  }

  /** The response's `finish` or `close`, whichever comes first, is the end, after all its listeners. */
  #end(exchange: ServerExchange, event: 'finish' | 'close'): void {
    guard('ending the span of a request', () => exchange.end(event));
    this.#streams.ended(exchange);
  }

  #begin(parties: ExchangeParties, startTime?: number): ServerExchange {
    const { request, frameworkRequest } = parties;
    const method = requestMethod(request.method ?? '');
    const route = earlyRoute(this.#routes, this.#isEarly, frameworkRequest);
    const active = new ActiveRequest(this.#isEarly ? route : undefined);
    const from = requestParent(request, this.#options.trust);
    const parent = active.in(from.parent);
    active.mark(request);
    // Below a caller's the work has an id of its own all the same.
    const hasCaller = from.parent !== ROOT_CONTEXT || from.links.length > 0;
    const leftOut = hasCaller ? undefined : leftOutContext(parent);
    const recording =
      leftOut === undefined
        ? this.#record(parties, method, route, { parent, links: from.links }, startTime)
        : undefined;
    active.recordOn(recording?.span, method, route !== undefined);
    const ctx = leftOut ?? recording?.context ?? parent;
    const settings = (this.#settings ??= this.#makeSettings());
    const facts = { method, route, active, context: ctx, recording };
    return new ServerExchange(parties, facts, settings);
  }

  #record(
    parties: ExchangeParties,
    method: RequestMethod,
    route: string | undefined,
    { parent, links }: RemoteParent,
    startTime: number | undefined,
  ): SpanRecording | undefined {
    const tracer = registeredTracer();
    if (tracer === undefined) return undefined;
    const describe = () => this.#pairsOf(parties, method, route);
    const name = this.#names.of(method, route);
    const known = requestSubject(method, route);
    const options = serverSpanOptions(tracer, describe, links, startTime, known);
    return new SpanRecording(tracer, { name, options }, parent);
  }

  #makeSettings(): ExchangeSettings {
    const { responseHeaders } = this.#options;
    const duration = new RequestDuration();
    return { duration, responseHeaders, routes: this.#routes, names: this.#names };
  }

  #pairsOf(
    { request, frameworkRequest }: ExchangeParties,
    method: RequestMethod,
    route: string | undefined,
  ): unknown[] {
    const description = describeRequest(frameworkRequest, request);
    return requestPairs(request, description, method, route, this.#recording);
  }
}
