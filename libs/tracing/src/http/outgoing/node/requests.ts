import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { protocolVersion } from '../../incoming/request-attributes.js';
import { listenTo } from '../channel-listeners.js';
import type { OpenClientSpan, OpenForRequest } from '../client-request.js';
import type { ClientSpan } from '../client-span.js';
import { onRequestCreated } from '../created-requests.js';
import { isNodeClientWrapped, traceHeaders } from '../foreign-client-spans.js';
import { connectionOf } from './connection.js';
import { peerOf } from '../peer.js';
import { headerOf, isRendered, setRenderedHeader } from './headers.js';
import { requestTarget } from '../request-target.js';

interface Message {
  readonly request: ClientRequest & { readonly res?: IncomingMessage | null };
  readonly response?: IncomingMessage;
  readonly error?: Error;
}

/** The channel that tells of each request of `node:http` and `node:https`, in its caller's task. */
const NODE_CHANNEL = 'http.client.request.created';

/**
 * Traces requests of `node:http` and `node:https`, and so those of axios, got and everything else
 * built on them, by Node's diagnostics channels, until the function returned is called.
 */
export function watchNodeRequests(open: OpenForRequest): () => void {
  const spans = new WeakMap<object, ClientSpan>();
  const headers = (request: ClientRequest) => traceHeaders((name) => headerOf(request, name));
  const mayBeTracers = (_: ClientRequest, othersBefore: boolean) =>
    othersBefore || isNodeClientWrapped();
  const stops = [
    onRequestCreated(NODE_CHANNEL, { headers, mayBeTracers }, (request, carried) =>
      begin(request, open(request, carried), spans),
    ),
    listenTo<Message>({
      'http.client.response.finish': ({ request, response }) => {
        if (response !== undefined) respond(spans.get(request), response);
      },
      'http.client.request.error': ({ request, error }) => spans.get(request)?.fail(error),
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

function begin(
  request: Message['request'],
  open: OpenClientSpan | undefined,
  spans: WeakMap<object, ClientSpan>,
): void {
  if (open === undefined) return;
  const target = requestTarget(connectionOf(request), request.path);
  if (target === undefined) return;
  const span = open({
    method: request.method,
    target,
    setHeader: (name, value) => setHeader(request, name, value),
  });
  if (span === undefined) return;
  spans.set(request, span);
  request.once('socket', (socket) => connected(span, socket));
  request.once('close', () => closed(span, request.res));
}

/** A socket of an agent may be in use for long: once it is connected, it keeps nothing of this request. */
function connected(span: ClientSpan, socket: Socket): void {
  if (socket.connecting) socket.once('connect', () => span.connect(peerOf(socket)));
  else span.connect(peerOf(socket));
}

/** Ends the span of an upgrade or of a tunnel: no channel tells of their responses. */
function closed(span: ClientSpan, response: IncomingMessage | null | undefined): void {
  if (response == null) span.end();
  else respond(span, response);
}

function respond(span: ClientSpan | undefined, response: IncomingMessage): void {
  span?.respond(response.statusCode ?? 0, protocolVersion(response.httpVersion));
}

function setHeader(request: ClientRequest, name: string, value: string): void {
  if (isRendered(request)) setRenderedHeader(request, name, value);
  else request.setHeader(name, value);
}
