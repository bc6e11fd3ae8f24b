import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ViewerProcess } from './support/viewer-process.js';

/** As many as one port takes. */
const CONNECTIONS = 256;

const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A connection that neither reads what it is answered nor closes. */
async function connectDeaf(port: number, text: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).pause();
  sockets.push(socket.on('error', () => undefined));
  await once(socket, 'connect');
  socket.write(text);
}

it.each([
  ['a request that never ends', 'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nX-'],
  [
    'a body that never comes',
    'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n',
  ],
  ['what is no request', 'SSH-2.0-deaf\r\n\r\n'],
  ['nothing', ''],
])(
  'who sends %s and never closes keeps no connection',
  async (_what, text) => {
    const viewer = await ViewerProcess.start('--no-terminal', '--timeout', '300');
    try {
      const all = Array.from({ length: CONNECTIONS }, () => connectDeaf(viewer.http, text));
      await Promise.all(all);
      const status = () => viewer.send({ path: '/stats' }).then((answer) => answer.status);
      await expect.poll(() => status().catch(() => 0), { timeout: 10_000 }).toBe(200);
    } finally {
      await viewer.stop();
    }
  },
  20_000,
);
