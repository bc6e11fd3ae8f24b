import { ROOT_CONTEXT, isSpanContextValid, propagation, trace } from '@opentelemetry/api';
import type { Context, Link, TextMapGetter } from '@opentelemetry/api';
import { guard } from '../../span/guard.js';
import type { IncomingRequest, IncomingTrust } from '../http-options.interface.js';

/** Where the span of a request is to open. */
export interface RemoteParent {
  readonly parent: Context;
  readonly links: Link[];
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const HEADERS: TextMapGetter<Headers> = {
  get: (headers, key) => headers[key.toLowerCase()],
  keys: (headers) => Object.keys(headers),
};

const NO_PARENT: RemoteParent = { parent: ROOT_CONTEXT, links: [] };

/**
 * Reads the caller's trace context and baggage. A caller that is not trusted is linked, no more: its
 * sampling flag and baggage are ignored. A trust function that throws trusts nobody.
 */
export function remoteParent(request: IncomingRequest, trust: IncomingTrust): RemoteParent {
  const headers = request.headers as Headers;
  const remote = guard('reading the trace context of a request', () =>
    propagation.extract(ROOT_CONTEXT, headers, HEADERS),
  );
  if (remote === undefined || remote === ROOT_CONTEXT) return NO_PARENT;
  if (trusts(trust, request)) return { parent: remote, links: [] };
  const context = trace.getSpanContext(remote);
  if (context === undefined || !isSpanContextValid(context)) return NO_PARENT;
  return { parent: ROOT_CONTEXT, links: [{ context }] };
}

function trusts(trust: IncomingTrust, request: IncomingRequest): boolean {
  if (typeof trust !== 'function') return trust === 'all';
  return guard('http.incoming.trust', () => trust(request)) === true;
}
