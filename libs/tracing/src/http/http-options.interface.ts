import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/**
 * A request as the server got it, of HTTP/1.1 or HTTP/2.
 *
 * @example
 * ```ts
 * const ignore = (request: IncomingRequest) => request.headers['user-agent'] === 'kube-probe';
 * ```
 */
export type IncomingRequest = IncomingMessage | Http2ServerRequest;

/**
 * Decides whose trace context and baggage are believed.
 *
 * @example
 * ```ts
 * const trust: IncomingTrust = (request) => request.headers['x-gateway-key'] === GATEWAY_KEY;
 * ```
 */
export type IncomingTrust = 'all' | 'none' | ((request: IncomingRequest) => boolean);

/**
 * Hosts: `internal` (your own network as far as names and addresses tell: loopback, private addresses,
 * names without a dot and names that end in `.localhost`, `.local`, `.internal` or `.svc`; link-local
 * addresses and the metadata services of clouds are not), a list, or a function of the URL. A list holds
 * names (`api.example.com`, `*.example.com`, `10.0.0.7:8080`) and regular expressions on the host name,
 * and it names all there are: write `internal` into it to keep your own network.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({
 *   http: { outgoing: { propagateTo: ['*.corp.example', '10.0.0.7:8080', /^orders-\d+$/] } },
 * });
 * ```
 */
export type Destinations =
  'all' | 'none' | 'internal' | readonly (string | RegExp)[] | ((url: URL) => boolean);

/**
 * How requests that come in are traced.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({
 *   http: { incoming: { trust: 'none', ignore: ['/health'], requestHeaders: ['x-request-id'] } },
 * });
 * ```
 */
export interface IncomingHttpOptions {
  /**
   * Whether a caller's trace is continued. One that is not trusted gets a new trace with a link to the
   * caller's; its sampling flag and baggage are ignored. Default: `all`.
   *
   * Write `none`, or a function, where strangers can call: who is continued decides by its sampled
   * flag whether your spans are recorded, past a ratio of your own (a parent-based sampler follows it).
   * A caller that is continued by `all` has its `tracestate`, which every span of the trace holds once more,
   * cut to the 512 characters that W3C asks for; one that a function trusts has up to 8,192.
   */
  trust?: IncomingTrust;
  /**
   * Requests without spans, their whole work included: paths (`/health`, `/assets/*`), regular
   * expressions on the path, or a function. Default: none.
   */
  ignore?: readonly (string | RegExp)[] | ((request: IncomingRequest) => boolean);
  /**
   * Request headers to record as `http.request.header.<name>`. Those that hold credentials are
   * recorded as `REDACTED`. Default: none.
   */
  requestHeaders?: readonly string[];
  /** Response headers to record as `http.response.header.<name>`. Default: none. */
  responseHeaders?: readonly string[];
  /** Query parameters to redact beside the well-known ones. Default: none. */
  redactQuery?: readonly string[];
  /**
   * How responses of `@Sse()` are traced. `stream`: the SERVER span lasts until the stream has ended, and
   * counts its events. `events`: it ends when the headers are sent, and each event has a trace of its own,
   * linked to it. Default: `stream`.
   */
  sse?: 'stream' | 'events';
}

/**
 * How requests that go out are traced.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({
 *   http: { outgoing: { propagateTo: ['orders:8080'], baggageTo: ['orders:8080'] } },
 * });
 * ```
 */
export interface OutgoingHttpOptions {
  /**
   * Hosts that get the trace context (`traceparent`, `tracestate`); others get none. Default:
   * `internal`, so no third party.
   */
  propagateTo?: Destinations;
  /** Hosts that get the baggage; others get none. Default: `none`, your own network included. */
  baggageTo?: Destinations;
  /** Hosts whose requests get neither span nor headers. Default: `none`. */
  ignore?: Destinations;
  /** Query parameters to redact beside the well-known ones. Default: none. */
  redactQuery?: readonly string[];
}

/**
 * Decides what of HTTP is traced.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({
 *   http: {
 *     incoming: { trust: 'none', ignore: ['/health', '/assets/*'] },
 *     outgoing: { propagateTo: ['*.corp.example', 'orders:8080'] },
 *   },
 * });
 * ```
 */
export interface HttpOptions {
  /** A SERVER span for each request that comes in. Default: true. */
  incoming?: boolean | IncomingHttpOptions;
  /**
   * A CLIENT span for each request that goes out by `fetch`, `node:http` or `node:https`. Default:
   * true.
   */
  outgoing?: boolean | OutgoingHttpOptions;
}
