import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestOptions, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HttpApp } from './support/http-app.js';
import { send } from './support/raw-request.js';

let service: Server;
let url: string;
let app: HttpApp;
const received: IncomingMessage[] = [];

beforeAll(async () => {
  service = createServer((req, res) => {
    received.push(req);
    req.resume().on('end', () => res.end('ok'));
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  app = await HttpApp.start('express');
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

/** Headers as a list, which Node makes into text before anybody can add one. */
const asList = (...headers: unknown[]): RequestOptions => ({ headers }) as RequestOptions;

describe('headers given to node:http as a list', () => {
  it.each([
    ['flat', ['Host', 'a.test', 'X-Own', 'yes', 'Connection', 'close']],
    [
      'of pairs',
      [
        ['Host', 'a.test'],
        ['X-Own', 'yes'],
        ['Connection', 'close'],
      ],
    ],
  ])('H5 get the trace context too: %s', async (_shape, headers) => {
    await send(`${url}/list`, asList(...headers));
    const span = await app.spans.one('GET');
    const { traceId, spanId } = span.spanContext();
    expect(received[0]?.headers).toMatchObject({
      host: 'a.test',
      'x-own': 'yes',
      traceparent: `00-${traceId}-${spanId}-01`,
    });
  });

  it('H5 carry one traceparent, ours, and keep the body', async () => {
    const own = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const headers = ['Host', new URL(url).host, 'TraceParent', own, 'Content-Length', '4'];
    const options = { ...asList(...headers), method: 'POST' };
    expect((await send(`${url}/own`, options, 'body')).status).toBe(200);
    const span = await app.spans.one('POST');
    const names = received[0]?.rawHeaders.filter((name) => name.toLowerCase() === 'traceparent');
    expect(names).toHaveLength(1);
    expect(received[0]?.headers['traceparent']).toContain(span.spanContext().spanId);
  });

  it('H5 tell the port of the server', async () => {
    await send(`${url}/port`, asList('Host', new URL(url).host));
    const span = await app.spans.one('GET');
    expect(span.attributes).toMatchObject({
      'server.port': Number(new URL(url).port),
      'url.full': `${url}/port`,
    });
  });
});
