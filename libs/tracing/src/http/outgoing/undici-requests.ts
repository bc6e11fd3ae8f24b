import { AsyncResource } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { context } from '@opentelemetry/api';
import { guard } from '../../span/guard.js';
import type { OpenClientSpan } from './client-request.js';
import type { ClientSpan } from './client-span.js';
import { QueuedFetches } from './queued-fetches.js';

/** What is used of undici's request, versions 6 to 8. */
interface UndiciRequest {
  readonly method: string;
  readonly origin: string | URL;
  readonly path: string;
  readonly upgrade?: string | boolean | null;
  readonly headers: string | string[];
  addHeader(name: string, value: string): void;
  onUpgrade?(...args: unknown[]): unknown;
  onRequestUpgrade?(...args: unknown[]): unknown;
}

interface Message {
  readonly request: UndiciRequest;
  readonly response?: { readonly statusCode: number };
  readonly error?: unknown;
}

/** The channel that tells of each request of `fetch` and undici, in its caller's task. */
export const UNDICI_CHANNEL = 'undici:request:create';

/**
 * Traces `fetch`, Node's own and undici's, and undici's other calls, by undici's diagnostics channels.
 * Each hop of a redirect and each retry is a request of its own. The answer stops it.
 */
export function watchUndiciRequests(
  open: (message: object) => OpenClientSpan | undefined,
): () => void {
  const spans = new WeakMap<object, ClientSpan>();
  const queued = new QueuedFetches();
  queued.follow();
  const listeners: Readonly<Record<string, (message: Message) => void>> = {
    [UNDICI_CHANNEL]: ({ request }) => {
      queued.follow();
      inCallersTask(request, queued, () => begin(request, open(request), spans));
    },
    'undici:request:headers': ({ request, response }) => {
      const status = response?.statusCode ?? 0;
      if (status >= 200) spans.get(request)?.respond(status);
    },
    'undici:request:error': ({ request, error }) => spans.get(request)?.fail(error),
  };
  const stops = Object.entries(listeners).map(([channel, listener]) => {
    const heard = (message: unknown) => guard(channel, () => listener(message as Message));
    subscribe(channel, heard);
    return () => unsubscribe(channel, heard);
  });
  return () => {
    queued.stop();
    stops.forEach((stop) => stop());
  };
}

/**
 * A pool that limits its connections queues requests and, before undici 8, makes them in the task that
 * has freed one. The handlers of undici's own calls remember their caller's task; that of a `fetch`
 * is known from its dispatcher, unless that was given to the one call: there the parent is the task
 * before it.
 */
function inCallersTask(request: UndiciRequest, queued: QueuedFetches, begins: () => void): void {
  const handler = handlerOf(request);
  const scope = handler && queued.contextOf(handler);
  if (handler instanceof AsyncResource) handler.runInAsyncScope(begins);
  else if (scope === undefined) begins();
  else context.with(scope, begins);
}

function handlerOf(request: UndiciRequest): object | undefined {
  const key = Object.getOwnPropertySymbols(request).find(
    (symbol) => symbol.description === 'handler',
  );
  const handler = key && (request as unknown as Record<symbol, unknown>)[key];
  return typeof handler === 'object' && handler !== null ? handler : undefined;
}

function begin(
  request: UndiciRequest,
  open: OpenClientSpan | undefined,
  spans: WeakMap<object, ClientSpan>,
): void {
  const address = `${String(request.origin)}${request.path}`;
  if (open === undefined || !URL.canParse(address)) return;
  const span = open({
    method: request.method,
    url: new URL(address),
    setHeader: (name, value) => setHeader(request, name, value),
  });
  if (span === undefined) return;
  spans.set(request, span);
  if (request.upgrade != null && request.upgrade !== false) endOnUpgrade(request, span);
}

/** undici appends: a header that the application has written itself would be there twice. */
function setHeader(request: UndiciRequest, name: string, value: string): void {
  const { headers } = request;
  if (Array.isArray(headers)) {
    for (let at = headers.length - 2; at >= 0; at -= 2) {
      if (headers[at]?.toLowerCase() === name) headers.splice(at, 2);
    }
  }
  request.addHeader(name, value);
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
