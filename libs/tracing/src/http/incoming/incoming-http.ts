import { ROOT_CONTEXT, SpanKind, context, createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { registeredTracer } from '../../runtime.js';
import { guard } from '../../span/guard.js';
import { SpanRecording } from '../../span/recording.js';
import type { IncomingHttpOptions } from '../http-options.interface.js';
import { requestMethod } from '../request-method.js';
import { createUrlRedaction } from '../redaction/redact-url.js';
import { carry } from './carry.js';
import type { ForeignServerSpans } from './foreign-server-spans.js';
import { frameworkRequest } from './framework-request.js';
import type { FrameworkRequest } from './framework-request.js';
import { ignoreRule } from './ignored-requests.js';
import type { IgnoreRule } from './ignored-requests.js';
import { remoteParent } from './remote-parent.js';
import type { RequestRecording } from './request-attributes.js';
import { requestAttributes } from './request-attributes.js';
import { RequestDuration } from './request-duration.js';
import { ServerExchange } from './server-exchange.js';
import type { OutgoingResponse } from './response-outcome.js';

type Options = Required<IncomingHttpOptions>;

/** Node's response, which Express uses, or Fastify's reply. */
type AnyReply = OutgoingResponse & { readonly raw?: OutgoingResponse };

const EXCHANGE = createContextKey('nestjs-tracing http exchange');

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
  readonly #ignores: IgnoreRule;
  readonly #foreign: ForeignServerSpans;
  #duration: RequestDuration | undefined;

  constructor(options: Options, foreign: ForeignServerSpans) {
    this.#options = options;
    this.#ignores = ignoreRule(options.ignore);
    this.#foreign = foreign;
    this.#recording = {
      redaction: createUrlRedaction(options.redactQuery),
      requestHeaders: options.requestHeaders,
    };
  }

  /**
   * Runs the rest of a request inside its span. Whatever is wrong with the tracing of it, `next` is
   * called, once.
   *
   * @param given the request, as the framework has it
   * @param reply the response, as the framework has it
   * @param next what handles the request
   */
  handle<T>(given: object, reply: object, next: () => T): T {
    const scope = guard('tracing a request', () => this.#open(given, reply as AnyReply));
    return scope === undefined ? next() : context.with(scope, next);
  }

  /** Tells the route that handles the active request. */
  matched(route: string): void {
    const exchange = context.active().getValue(EXCHANGE);
    if (exchange instanceof ServerExchange) exchange.matched(route);
  }

  #open(given: object, reply: AnyReply): Context | undefined {
    const response = reply.raw ?? reply;
    const request = frameworkRequest(given);
    const outer = context.active().getValue(EXCHANGE);
    if (outer instanceof ServerExchange ? outer.isOf(request.raw) : this.#foreign.handle()) {
      return undefined;
    }
    if (this.#ignores(request.raw, request.url)) return ignored(request, response);
    const tracer = registeredTracer();
    const method = requestMethod(request.raw.method ?? '');
    const { responseHeaders, trust } = this.#options;
    const start = { request, given, response, reply, method, responseHeaders };
    const exchange = new ServerExchange(start, (this.#duration ??= new RequestDuration()));
    const { parent, links } = remoteParent(request.raw, trust);
    const attributes = requestAttributes(request, method, this.#recording);
    const name = request.route === undefined ? method.inName : `${method.inName} ${request.route}`;
    const spec = { name, options: { kind: SpanKind.SERVER, attributes, links } };
    const home = parent.setValue(EXCHANGE, exchange);
    const recording = tracer && new SpanRecording(tracer, spec, home);
    exchange.recordInto(recording);
    return attach(request, response, recording?.scope ?? home, exchange);
  }
}

/** The response's `finish` or `close`, whichever comes first, is the end, after all its listeners. */
function attach(
  request: FrameworkRequest,
  response: OutgoingResponse,
  scope: Context,
  exchange: ServerExchange,
): Context {
  carry(request.raw, scope);
  carry(response, scope, (event) => {
    if (event !== 'finish' && event !== 'close') return;
    guard('ending the span of a request', () => exchange.end(event));
  });
  return scope;
}

function ignored(request: FrameworkRequest, response: OutgoingResponse): Context {
  const scope = suppressTracing(ROOT_CONTEXT);
  carry(request.raw, scope);
  carry(response, scope);
  return scope;
}
