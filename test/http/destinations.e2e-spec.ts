import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestOptions, Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { context, propagation } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Agent, Client, buildConnector, fetch as packagedFetch } from 'undici';
import { HttpApp } from './support/http-app.js';
import { send } from './support/raw-request.js';

const received: IncomingHttpHeaders[] = [];
let service: Server;
let port: number;
let app: HttpApp;

/** Every name leads to the service of this test: what a host is called decides, not where it is. */
const lookup: LookupFunction = (_hostname, { all }, done) =>
  all === true ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

async function sentByNode(options: RequestOptions): Promise<IncomingHttpHeaders> {
  await withBaggage(() =>
    send('http://unused/', { port, lookup, ...options, hostname: options.host }),
  );
  return received[0]!;
}

async function sentByFetch(host: string): Promise<IncomingHttpHeaders> {
  const connect = buildConnector({ lookup });
  const dispatcher = new Agent({ connect });
  await withBaggage(async () =>
    (await packagedFetch(`http://${host}:${port}/x`, { dispatcher })).text(),
  );
  await dispatcher.close();
  return received[0]!;
}

function withBaggage<T>(fn: () => T): T {
  const baggage = propagation.createBaggage({ user: { value: 'ann' } });
  return context.with(propagation.setBaggage(context.active(), baggage), fn);
}

beforeAll(async () => {
  service = createServer((req, res) => {
    received.push(req.headers);
    res.end('ok');
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  ({ port } = service.address() as AddressInfo);
  app = await HttpApp.start('fastify', {
    tracing: { http: { outgoing: { baggageTo: 'internal' } } },
  });
});
afterEach(async () => {
  await app.spans.noneOpen();
  app.spans.reset();
  received.length = 0;
});
afterAll(async () => {
  await app.close();
  service.closeAllConnections();
  service.close();
});

const INTERNAL = ['orders', 'localhost.', 'orders.shop.svc.cluster.local.', 'DB.internal'];
const EXTERNAL = ['api.svc.evil.com', 'x.svc.co.uk', 'metadata.google.internal', 'example.com.'];

describe('trace context and baggage', () => {
  it.each(INTERNAL)('H5 go to %s of the own network', async (host) => {
    for (const sent of [await sentByNode({ host }), await sentByFetch(host)]) {
      expect(sent).toMatchObject({ traceparent: expect.any(String), baggage: 'user=ann' });
    }
    await app.spans.many('GET', 2);
  });

  it.each(EXTERNAL)('H5 do not go to %s', async (host) => {
    for (const sent of [await sentByNode({ host }), await sentByFetch(host)]) {
      expect(sent).not.toHaveProperty('traceparent');
      expect(sent).not.toHaveProperty('baggage');
    }
    await app.spans.many('GET', 2);
  });

  const host = 'api.example.com';

  it.each<[string, RequestOptions]>([
    ['the path is of the own network', { host, path: 'http://localhost/x' }],
    ['the path holds another authority', { host, path: '//localhost/x' }],
    ['the Host header says so', { host, headers: { host: 'localhost' } }],
    ['the list of headers says so', { host, headers: ['Host', 'localhost'] }],
    ['the user is called like it', { host, auth: 'localhost:secret' }],
    ['the path asks for another host', { host: 'orders', path: 'http://api.example.com/x' }],
  ])('H5 do not leave the own network because %s', async (_name, options) => {
    const sent = await sentByNode(options);
    expect(sent).not.toHaveProperty('traceparent');
    expect(sent).not.toHaveProperty('baggage');
  });

  it('H5 go to a proxy of the own network for a host of the own network', async () => {
    const sent = await sentByNode({ host: 'proxy', path: 'http://orders/x' });
    expect(sent).toMatchObject({ traceparent: expect.any(String), baggage: 'user=ann' });
    expect((await app.spans.one('GET')).attributes).toMatchObject({
      'url.full': 'http://orders/x',
      'server.address': 'orders',
      'server.port': 80,
    });
  });

  it('H5 do not leave by a client of undici whose path is of the own network', async () => {
    const client = new Client(`http://${host}:${port}`, { connect: buildConnector({ lookup }) });
    await withBaggage(async () => {
      const { body } = await client.request({ method: 'GET', path: 'http://localhost/x' });
      await body.text();
    });
    await client.close();
    expect(received[0]).not.toHaveProperty('traceparent');
    expect(received[0]).not.toHaveProperty('baggage');
  });
});
