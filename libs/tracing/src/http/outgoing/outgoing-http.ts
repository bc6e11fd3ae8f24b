import type { OutgoingHttpOptions } from '../http-options.interface.js';
import { processSlot } from '../../process-slot.js';
import { clientSpans } from './client-request.js';
import type { OpenForRequest } from './client-request.js';
import { hasForeignSpan } from './foreign-client-spans.js';
import { watchNodeRequests } from './node/requests.js';
import { watchUndiciRequests } from './undici/requests.js';

/** Requests that an application of this process has taken: of several, only one opens a span. */
const taken = processSlot('http requests taken', () => new WeakSet<object>());

/**
 * Opens the CLIENT span of each request that the process sends, until the function returned is
 * called. Where another tracer has opened one already, it says so once and leaves it to that one.
 */
export function traceOutgoing(
  options: Required<OutgoingHttpOptions>,
  say: (message: string) => void,
): () => void {
  const open = clientSpans(options);
  const openAs = (what: string): OpenForRequest => {
    let said = false;
    return (request, carried) => {
      if (taken.current.has(request)) return undefined;
      taken.current.add(request);
      if (!hasForeignSpan(carried)) return open;
      if (!said) say(found(what));
      said = true;
      return undefined;
    };
  };
  const stops = [watchNodeRequests(openAs('node:http')), watchUndiciRequests(openAs('fetch'))];
  return () => stops.forEach((stop) => stop());
}

function found(what: string): string {
  return (
    `Another instrumentation opens CLIENT spans for requests of ${what}, so this package opens none ` +
    'for those. Remove it (sdk.instrumentations, or the preload that brings it) to have ours, or set ' +
    'http.outgoing to false to leave it so without this message.'
  );
}
