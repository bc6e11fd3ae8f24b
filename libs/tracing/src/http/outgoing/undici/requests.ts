import { AsyncResource } from 'node:async_hooks';
import type { Socket } from 'node:net';
import { context } from '@opentelemetry/api';
import { listenTo } from '../channel-listeners.js';
import type { OpenClientSpan, OpenForRequest } from '../client-request.js';
import type { ClientSpan } from '../client-span.js';
import { onRequestCreated } from '../created-requests.js';
import { traceHeaders } from '../foreign-client-spans.js';
import { peerOf } from '../peer.js';
import { QueuedFetches } from './queued-fetches.js';
import { requestTarget } from '../request-target.js';
import type { RequestTarget } from '../request-target.js';
import { endsWithTrace, headerOf, setHeader } from './headers.js';
import type { UndiciHeaders } from './headers.js';
import { isUndiciRequestAborted } from './abort.js';
import { undiciState } from './state.js';

/** A request of undici, versions 6 to 8, as far as it is used here. */
interface UndiciRequest extends UndiciHeaders {
  readonly method: string;
  readonly origin: string | URL;
  readonly path: string;
  readonly host?: string | null;
  readonly body?: unknown;
  readonly upgrade?: string | boolean | null;
  onUpgrade?(...args: unknown[]): unknown;
  onRequestUpgrade?(...args: unknown[]): unknown;
}

interface Message {
  readonly request: UndiciRequest;
  readonly response?: { readonly statusCode: number };
  readonly error?: unknown;
  readonly socket?: Socket;
}

/** The channel that tells of each request of `fetch` and undici, in its caller's task. */
const UNDICI_CHANNEL = 'undici:request:create';

/**
 * Traces `fetch`, Node's own and undici's, and undici's other calls, by undici's diagnostics channels.
 * Each hop of a redirect and each retry is a request of its own. The function returned stops it.
 */
export function watchUndiciRequests(open: OpenForRequest): () => void {
  const spans = new WeakMap<object, ClientSpan>();
  const sent = new WeakMap<object, Socket>();
  const queued = new QueuedFetches();
  queued.follow();
  const headers = (request: UndiciRequest) => traceHeaders((name) => headerOf(request, name));
  const mayBeTracers = (request: UndiciRequest, othersBefore: boolean) =>
    othersBefore && endsWithTrace(request);
  const stops = [
    onRequestCreated(UNDICI_CHANNEL, { headers, mayBeTracers }, (request, carried) => {
      queued.follow();
      inCallersTask(request, queued, () => begin(request, open(request, carried), spans));
    }),
    listenTo<Message>({
      'undici:client:sendHeaders': ({ request, socket }) => {
        spans.get(request)?.connect(peerOf(socket));
        if (socket !== undefined) sent.set(request, socket);
      },
      'undici:request:headers': ({ request, response }) => {
        const status = response?.statusCode ?? 0;
        if (status >= 200) spans.get(request)?.respond(status);
      },
      'undici:request:error': ({ request, error }) =>
        spans.get(request)?.fail(error, isUndiciRequestAborted(request, error, sent.get(request))),
    }),
    () => queued.stop(),
  ];
  return () => stops.forEach((stop) => stop());
}

/**
 * A pool that limits its connections queues requests and, before undici 8, makes them in the task that
 * has freed one. The handlers of undici's own calls remember their caller's task; that of a `fetch`
 * is known from its dispatcher, unless that was given to the one call: there the parent is the task
 * before it.
 */
function inCallersTask(request: UndiciRequest, queued: QueuedFetches, begins: () => void): void {
  const handler = undiciState(request, 'handler');
  const ctx = handler && queued.contextOf(handler);
  if (handler instanceof AsyncResource) handler.runInAsyncScope(begins);
  else if (ctx === undefined) begins();
  else context.with(ctx, begins);
}

function begin(
  request: UndiciRequest,
  open: OpenClientSpan | undefined,
  spans: WeakMap<object, ClientSpan>,
): void {
  const target = open && targetOf(request);
  if (open === undefined || target === undefined) return;
  const span = open({
    method: request.method,
    target,
    setHeader: (name, value) => setHeader(request, name, value),
  });
  if (span === undefined) return;
  spans.set(request, span);
  if (request.upgrade != null && request.upgrade !== false) endOnUpgrade(request, span);
}

function targetOf(request: UndiciRequest): RequestTarget | undefined {
  if (isTunnelOfProxyAgent(request)) return undefined;
  const url = URL.parse(String(request.origin));
  return url === null ? undefined : requestTarget({ url }, request.path);
}

/** A tunnel that serves the requests of others is not the application's own: that sets no Host header. */
function isTunnelOfProxyAgent({ method, path, host }: UndiciRequest): boolean {
  if (method !== 'CONNECT' || typeof host !== 'string') return false;
  return path === host || path.startsWith(`${host}:`);
}

/** No channel tells of an upgrade, so the request's own callback is shadowed, on that request alone. */
function endOnUpgrade(request: UndiciRequest, span: ClientSpan): void {
  for (const method of ['onUpgrade', 'onRequestUpgrade'] as const) {
    const original = request[method];
    if (original === undefined) continue;
    request[method] = function (this: unknown, ...args) {
      span.respond(101);
      return Reflect.apply(original, this, args);
    };
  }
}
