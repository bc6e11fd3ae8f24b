import { once } from 'node:events';
import { connect as connectSession, createServer, type ServerHttp2Session } from 'node:http2';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { closeSession } from './close-session.js';
import { portOf } from './listen.js';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0');

let server: ReturnType<typeof createServer>;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => server.close());

function connections(): Promise<number> {
  return promisify(server.getConnections.bind(server))();
}

it('ends a connection that the other side never closes', async () => {
  const options = { port: portOf(server), host: '127.0.0.1', allowHalfOpen: true };
  const deaf = connect(options)
    .pause()
    .on('error', () => undefined);
  deaf.write(PREFACE);
  const [session] = (await once(server, 'session')) as [ServerHttp2Session];
  expect(await connections()).toBe(1);
  closeSession(session);
  await expect.poll(connections, { timeout: 5_000 }).toBe(0);
  deaf.destroy();
});

it('tells the other side first', async () => {
  const client = connectSession(`http://127.0.0.1:${portOf(server)}`);
  const [session] = (await once(server, 'session')) as [ServerHttp2Session];
  closeSession(session);
  const [code] = (await once(client, 'goaway')) as [number];
  expect(code).toBe(0);
  await expect.poll(connections, { timeout: 5_000 }).toBe(0);
  client.close();
});
