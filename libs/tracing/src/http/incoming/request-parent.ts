import type { TextMapGetter } from '@opentelemetry/api';
import { remoteParent } from '../../entry/remote-parent.js';
import type { RemoteParent } from '../../entry/remote-parent.js';
import type { IncomingRequest, IncomingTrust } from '../http-options.interface.js';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const HEADERS: TextMapGetter<Headers> = {
  get: (headers, key) => headers[key.toLowerCase()],
  keys: (headers) => Object.keys(headers),
};

/** Reads the trace context and baggage of a request's client, as far as the client is trusted. */
export function requestParent(request: IncomingRequest, trust: IncomingTrust): RemoteParent {
  const asked = typeof trust === 'function' ? () => trust(request) : trust;
  return remoteParent(request.headers as Headers, HEADERS, asked, 'http.incoming.trust');
}
