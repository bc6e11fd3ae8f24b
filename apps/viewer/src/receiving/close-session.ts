import type { ServerHttp2Session } from 'node:http2';
import { LINGER_MILLIS } from './limits.js';

/** Closes a connection of HTTP/2 in order, and for good: the other side may never close its half. */
export function closeSession(session: ServerHttp2Session): void {
  // Once it is closed, a session does not give its socket away.
  const end = session.socket.destroySoon.bind(session.socket);
  session.close();
  setTimeout(end, LINGER_MILLIS).unref();
}
