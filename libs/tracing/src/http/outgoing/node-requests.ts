import type { ClientRequest, IncomingMessage } from 'node:http';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { hostAndPort } from '../host-and-port.js';
import { guard } from '../../span/guard.js';
import type { OpenClientSpan } from './client-request.js';
import type { ClientSpan } from './client-span.js';
import { isRendered, renderedHeader, setRenderedHeader } from './rendered-headers.js';
import { protocolVersion } from '../incoming/request-attributes.js';

interface Message {
  readonly request: ClientRequest & { readonly res?: IncomingMessage | null };
  readonly response?: IncomingMessage;
  readonly error?: Error;
}

/** The channel that tells of each request of `node:http` and `node:https`, in its caller's task. */
export const NODE_CHANNEL = 'http.client.request.created';

/**
 * Traces requests of `node:http` and `node:https`, and so those of axios, got and everything else
 * built on them, by Node's diagnostics channels. The answer stops it.
 */
export function watchNodeRequests(
  open: (message: object) => OpenClientSpan | undefined,
): () => void {
  const spans = new WeakMap<object, ClientSpan>();
  const listeners: Readonly<Record<string, (message: Message) => void>> = {
    [NODE_CHANNEL]: (message) => begin(message.request, open(message.request), spans),
    'http.client.response.finish': ({ request, response }) => {
      if (response !== undefined) respond(spans.get(request), response);
    },
    'http.client.request.error': ({ request, error }) => spans.get(request)?.fail(error),
  };
  const guarded = Object.entries(listeners).map(([channel, listener]) => {
    const heard = (message: unknown) => guard(channel, () => listener(message as Message));
    subscribe(channel, heard);
    return () => unsubscribe(channel, heard);
  });
  return () => guarded.forEach((stop) => stop());
}

function begin(
  request: Message['request'],
  open: OpenClientSpan | undefined,
  spans: WeakMap<object, ClientSpan>,
): void {
  const url = urlOf(request);
  if (open === undefined || url === undefined) return;
  const span = open({
    method: request.method,
    url,
    setHeader: (name, value) => setHeader(request, name, value),
  });
  if (span === undefined) return;
  spans.set(request, span);
  request.once('close', () => closed(span, request.res));
}

/** An upgrade, and what a proxy answers to CONNECT, is told by no channel. */
function closed(span: ClientSpan, response: IncomingMessage | null | undefined): void {
  if (response == null) span.end();
  else respond(span, response);
}

function respond(span: ClientSpan | undefined, response: IncomingMessage): void {
  span?.respond(response.statusCode ?? 0, protocolVersion(response.httpVersion));
}

function setHeader(request: ClientRequest, name: string, value: string): void {
  if (!isRendered(request)) request.setHeader(name, value);
  else if (!isSent(request)) setRenderedHeader(request, name, value);
}

/** `headersSent` tells of a head that is text, sent or not. */
function isSent(request: ClientRequest): boolean {
  return (request as { _headerSent?: boolean })._headerSent === true;
}

function urlOf(request: ClientRequest): URL | undefined {
  const { protocol, host, path } = request;
  if (/^https?:\/\//i.test(path) && URL.canParse(path)) return new URL(path);
  const named = hostAndPort(hostHeader(request));
  const bare = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const port = named?.port === undefined ? '' : `:${named.port}`;
  const url = `${protocol}//${bare}${port}${path.startsWith('/') ? path : `/${path}`}`;
  return URL.canParse(url) ? new URL(url) : undefined;
}

function hostHeader(request: ClientRequest): string {
  return isRendered(request)
    ? (renderedHeader(request, 'host') ?? '')
    : String(request.getHeader('host') ?? '');
}
