import { undiciState } from './state.js';

/** A request of undici, as far as it can be aborted. */
interface AbortableRequest {
  readonly body?: unknown;
}

/** The connection that a request was sent on. */
interface SentOn {
  readonly destroyed: boolean;
}

/**
 * Whether a request ended because it was aborted from outside, by a reason of whatever kind. Undefined
 * where only the error can tell: before it is sent, and where a body may have failed, for `fetch` aborts
 * its request then as well.
 *
 * @param socket what it was sent on; undefined if it was not
 */
export function isUndiciRequestAborted(
  request: AbortableRequest,
  error: unknown,
  socket: SentOn | undefined,
): boolean | undefined {
  const aborted = controllerAborted(request) ?? connectionLives(socket);
  if (isUndicis(error) && (aborted !== true || !hasCode(error, /ABORTED$/))) return false;
  return aborted === true && request.body != null ? undefined : aborted;
}

/** undici keeps a controller since version 8, from when a request is sent. */
function controllerAborted(request: object): boolean | undefined {
  const controller = undiciState(request, 'controller') as { aborted?: boolean } | undefined;
  return controller?.aborted;
}

/** An abort is told before the connection is destroyed for it, every other failure thereafter. */
function connectionLives(socket: SentOn | undefined): boolean | undefined {
  return socket && !socket.destroyed;
}

/** An error that undici or HTTP/2 has made; such as a proxy that refuses is an aborted request to undici. */
function isUndicis(error: unknown): boolean {
  return hasCode(error, /^(?:UND_ERR|ERR_HTTP2)_/);
}

function hasCode(error: unknown, pattern: RegExp): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && pattern.test(code);
}
