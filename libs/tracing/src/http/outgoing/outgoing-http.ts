import type { OutgoingHttpOptions } from '../http-options.interface.js';
import { clientSpans } from './client-request.js';
import type { OpenClientSpan } from './client-request.js';
import { isHttpClientSpanActive, isNodeClientPatched, isWatched } from './foreign-client-spans.js';
import { NODE_CHANNEL, watchNodeRequests } from './node-requests.js';
import { UNDICI_CHANNEL, watchUndiciRequests } from './undici-requests.js';

type Say = (message: string) => void;
type Watch = (open: (request: object) => OpenClientSpan | undefined) => () => void;

/** Requests that an application of this process has taken: of several, only one opens a span. */
const taken = new WeakSet<object>();
const watchers = new Map<string, number>();

/**
 * Opens the CLIENT span of each request that the process sends, until the answer is called. Where
 * another instrumentation does so already, it says so once and leaves it to that one.
 */
export function traceOutgoing(options: Required<OutgoingHttpOptions>, say: Say): () => void {
  const open = clientSpans(options);
  const once = sayOnce(say);
  const stopNode = watch(NODE_CHANNEL, watchNodeRequests, 'node:http', once, (request) => {
    if (isNodeClientPatched() || isHttpClientSpanActive()) return once(found('node:http'));
    return take(request, open);
  });
  const stopUndici = watch(UNDICI_CHANNEL, watchUndiciRequests, 'fetch', once, (request) =>
    take(request, open),
  );
  return () => {
    stopNode();
    stopUndici();
  };
}

function take(request: object, open: OpenClientSpan): OpenClientSpan | undefined {
  if (taken.has(request)) return undefined;
  taken.add(request);
  return open;
}

function watch(
  name: string,
  start: Watch,
  what: string,
  say: Say,
  open: (request: object) => OpenClientSpan | undefined,
): () => void {
  const ours = watchers.get(name) ?? 0;
  if (ours === 0 && isWatched(name)) {
    say(found(what));
    return () => undefined;
  }
  watchers.set(name, ours + 1);
  const stop = start(open);
  return () => {
    stop();
    watchers.set(name, (watchers.get(name) ?? 1) - 1);
  };
}

function sayOnce(say: Say): (message: string) => undefined {
  const said = new Set<string>();
  return (message) => {
    if (!said.has(message)) say(message);
    said.add(message);
  };
}

function found(what: string): string {
  return (
    `Another instrumentation watches requests of ${what}, so this package opens no CLIENT spans for ` +
    'them. Remove it (sdk.instrumentations, or the preload that brings it) to have ours, or set ' +
    'http.outgoing to false to leave it so without this message.'
  );
}
