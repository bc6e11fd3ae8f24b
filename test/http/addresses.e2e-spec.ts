import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { IncomingHttpHeaders, RequestOptions, Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Agent } from 'undici';
import { HttpApp } from './support/http-app.js';
import { send } from './support/raw-request.js';

const received: IncomingHttpHeaders[] = [];
const servers: Server[] = [];
let app: HttpApp;
let port: number;

async function listen(host: string, to = 0): Promise<number> {
  const server = createServer((req, res) => {
    received.push(req.headers);
    if (req.url !== '/slow') res.end('ok');
  }).listen(to, host);
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  port = await listen('127.0.0.1');
  app = await HttpApp.start('fastify');
});
afterEach(async () => {
  await app.spans.noneOpen();
  app.spans.reset();
  received.length = 0;
});
afterAll(async () => {
  await app.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

describe('the address of a CLIENT span', () => {
  it.each<[string, RequestOptions]>([
    ['another name', { headers: { Host: 'api.example.com' } }],
    ['another port', { headers: { Host: '127.0.0.1:1' } }],
    ['no port', { headers: { Host: '127.0.0.1' } }],
    ['another name, in a list', { headers: ['Host', 'api.example.com:1'] }],
    ['nothing', { setHost: false, headers: { connection: 'close' } }],
    ['what is no host', { headers: { Host: 'a b/c' } }],
  ])('H10 is that of the connection if the Host header says %s', async (_name, options) => {
    await send('http://unused/', { hostname: '127.0.0.1', port, path: '/a', ...options }).catch(
      () => undefined,
    );
    expect((await app.spans.one('GET')).attributes).toMatchObject({
      'server.address': '127.0.0.1',
      'server.port': port,
      'url.full': `http://127.0.0.1:${port}/a`,
    });
  });

  it('H10 is that of the connection, of several at once to one host', async () => {
    const ports = await Promise.all(Array.from({ length: 4 }, () => listen('127.0.0.1')));
    const headers = { Host: 'api.example.com' };
    const calls = ports.map((to) => send(`http://127.0.0.1:${to}/`, { headers }));
    await Promise.all(calls);
    const spans = await app.spans.many('GET', ports.length);
    const named = spans.map(({ attributes }) => attributes['server.port']);
    expect(new Set(named)).toEqual(new Set(ports));
  });

  it.each(['node:http', 'fetch'])('H10 has the peer of the socket, by %s', async (client) => {
    for (let n = 0; n < 2; n += 1) {
      if (client === 'fetch') await (await fetch(`http://localhost:${port}/`)).text();
      else await send(`http://localhost:${port}/`);
    }
    for (const { attributes } of await app.spans.many('GET', 2)) {
      expect(attributes).toMatchObject({
        'server.address': 'localhost',
        'server.port': port,
        'network.peer.address': '127.0.0.1',
        'network.peer.port': port,
      });
    }
  });

  it.each(['node:http', 'fetch'])(
    'H10 has the peer if no response comes, by %s',
    async (client) => {
      const signal = AbortSignal.timeout(60);
      const url = `http://127.0.0.1:${port}/slow`;
      await (client === 'fetch' ? fetch(url, { signal }) : send(url, { signal })).catch(() => null);
      expect((await app.spans.one('GET')).attributes).toMatchObject({
        'network.peer.address': '127.0.0.1',
        'network.peer.port': port,
      });
    },
  );

  it('H10 has no peer if there was no connection', async () => {
    const [closed] = [await listen('127.0.0.1')];
    servers.pop()?.close();
    await send(`http://127.0.0.1:${closed}/`).catch(() => undefined);
    const { attributes } = await app.spans.one('GET');
    expect(attributes).toMatchObject({ 'error.type': 'ECONNREFUSED', 'server.port': closed });
    expect(attributes).not.toHaveProperty('network.peer.address');
  });

  it('H10 says the peer of an IPv4-mapped address as IPv4', async () => {
    const lookup: LookupFunction = (_name, { all }, done) =>
      all === true
        ? done(null, [{ address: '::ffff:127.0.0.1', family: 6 }])
        : done(null, '::ffff:127.0.0.1', 6);
    await send(`http://mapped:${port}/`, { lookup });
    expect((await app.spans.one('GET')).attributes['network.peer.address']).toBe('127.0.0.1');
  });
});

/** The address of a link of this machine, or one that leads nowhere. */
const linkLocal = Object.entries(networkInterfaces())
  .flatMap(([name, addresses]) => (addresses ?? []).map((each) => ({ name, ...each })))
  .find(({ address }) => address.startsWith('fe80:'));
const zoned = linkLocal ? `${linkLocal.address}%${linkLocal.name}` : 'fe80::1%lo';

describe('an address of IPv6 with a zone', () => {
  it.each([zoned, `[${zoned}]`])('H10 %s has a span', async (host) => {
    const call = get({ host, port: 9, path: '/a?token=x', timeout: 100 }).on('error', () => null);
    call.on('timeout', () => call.destroy());
    const { attributes } = await app.spans.one('GET');
    const address = zoned.split('%', 1)[0];
    expect(attributes).toMatchObject({
      'server.address': zoned,
      'server.port': 9,
      'url.full': `http://[${address}]:9/a?token=REDACTED`,
    });
  });

  it('H5 [::1] is of the own network, whatever its zone', async () => {
    const at = await listen('::1').catch(() => undefined);
    if (at === undefined) return;
    await send('http://unused/', { hostname: '::1', port: at });
    expect(received[0]).toHaveProperty('traceparent');
    expect((await app.spans.one('GET')).attributes).toMatchObject({
      'server.address': '::1',
      'url.full': `http://[::1]:${at}/`,
      'network.peer.address': '::1',
    });
  });

  it('H5 that is link-local gets no trace context', async () => {
    const call = get({ host: zoned, port: 9 }).on('error', () => undefined);
    expect(call.getHeader('traceparent')).toBeUndefined();
    call.destroy();
    await app.spans.one('GET');
  });
});

it('H10 undici: the origin decides, given as text or as a URL, not the Host header', async () => {
  const agent = new Agent();
  for (const origin of [`http://127.0.0.1:${port}`, new URL(`http://127.0.0.1:${port}`)]) {
    const headers = { host: 'api.example.com' };
    const { body } = await agent.request({ origin, path: '/a', method: 'GET', headers });
    await body.text();
  }
  await agent.close();
  for (const { attributes } of await app.spans.many('GET', 2)) {
    expect(attributes).toMatchObject({
      'server.address': '127.0.0.1',
      'server.port': port,
      'url.full': `http://127.0.0.1:${port}/a`,
      'network.peer.port': port,
    });
  }
});
