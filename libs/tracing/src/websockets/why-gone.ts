/** Why what a message has begun is called off. */
export const CLIENT_LEFT = 'the client has disconnected';
const CLOSED = 'the application has closed';
const SENT_AWAY = 'the server has disconnected the client';

/** How socket.io names a disconnection that the server has asked for. */
const BY_SERVER: readonly unknown[] = ['server namespace disconnect', 'forced close'];

/**
 * Says who has ended a connection, as far as it is known: ws tells the code of the close frame alone, which
 * either side may have chosen.
 *
 * @param reason a word of socket.io's, or such a code
 * @param isClosing whether the application closes its servers
 */
export function whyGone(reason: unknown, isClosing: boolean): string {
  if (isClosing || reason === 'server shutting down') return CLOSED;
  return BY_SERVER.includes(reason) ? SENT_AWAY : CLIENT_LEFT;
}
