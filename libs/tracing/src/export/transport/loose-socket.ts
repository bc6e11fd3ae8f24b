import type { Socket } from 'node:net';
import { timerMillis } from '../../with-deadline.js';
import type { ExportSettings } from './export-settings.js';

/**
 * Lets a socket keep no process alive. One that still connects does so all the same, so that it is
 * closed if that takes longer than the settings allow.
 */
export function closeUnlessConnected(
  socket: Socket,
  { connectTimeoutMillis }: Pick<ExportSettings, 'connectTimeoutMillis'>,
): void {
  socket.unref();
  if (!socket.connecting) return;
  const late = (): void => {
    const code = 'ETIMEDOUT';
    socket.destroy(
      Object.assign(new Error(`no connection in ${connectTimeoutMillis} ms`), { code }),
    );
  };
  const timer = setTimeout(late, timerMillis(connectTimeoutMillis)).unref();
  for (const event of ['connect', 'close']) socket.once(event, () => clearTimeout(timer));
}
