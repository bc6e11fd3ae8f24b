import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, get, request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { SpanKind, SpanStatusCode, context, propagation } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TracingService } from 'nestjs-tracing';
import { freePort } from '../support/free-port.js';
import { HttpApp } from './support/http-app.js';
import { isChild } from './support/kept-spans.js';
import { send } from './support/raw-request.js';

const CLIENTS = ['fetch', 'node:http'] as const;
type Client = (typeof CLIENTS)[number];

async function call(client: Client, url: string, headers: Record<string, string> = {}) {
  if (client === 'node:http') return (await send(url, { headers })).status;
  const response = await fetch(url, { headers });
  await response.text();
  return response.status;
}

const received: { path: string; headers: IncomingHttpHeaders }[] = [];
const upgraded = new Set<Socket>();
let service: Server;
let url: string;
let app: HttpApp;
let tracing: TracingService;

async function startService(): Promise<void> {
  service = createServer((req, res) => {
    received.push({ path: req.url ?? '', headers: req.headers });
    if (req.url === '/slow') return;
    if (req.url === '/torn') return void req.socket.destroy();
    if (req.url === '/redirect') return void res.writeHead(302, { location: '/there' }).end();
    if (req.url === '/early') res.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' });
    const status = /^\/status\/(\d+)/.exec(req.url ?? '')?.[1];
    res.statusCode = Number(status ?? 200);
    res.end('x'.repeat(200_000));
  });
  const acceptOf = (key: string) =>
    createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const accept = (line: string) => (_: unknown, socket: Socket) => {
    upgraded.add(socket);
    socket.on('error', () => undefined);
    socket.write(`HTTP/1.1 ${line}\r\n\r\n`);
  };
  service.on('connect', accept('200 OK'));
  service.on('upgrade', (req: IncomingMessage, socket: Socket) => {
    if (req.url === '/refused') return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const key = String(req.headers['sec-websocket-key']);
    const protocol = `Upgrade: ${req.headers.upgrade}\r\nSec-WebSocket-Accept: ${acceptOf(key)}`;
    accept(`101 Switching Protocols\r\nConnection: Upgrade\r\n${protocol}`)(req, socket);
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  await startService();
  app = await HttpApp.start('fastify', {
    tracing: { http: { outgoing: { ignore: [/^ignored\./, 'localhost'] } } },
  });
  tracing = app.app.get(TracingService);
});
afterEach(async () => {
  await app.spans.noneOpen();
  app.spans.reset();
  received.length = 0;
  for (const socket of upgraded) socket.destroy();
  upgraded.clear();
});
afterAll(async () => {
  await app.close();
  service.closeAllConnections();
  service.close();
});

describe.each(CLIENTS)('requests that go out, by %s', (client) => {
  it('H5 have a CLIENT span by the HTTP conventions, child of the span they are made in', async () => {
    await tracing.span('work', () => call(client, `${url}/a?q=1&token=s3cret`));
    const span = await app.spans.one('GET');
    expect(span).toMatchObject({
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(url).port),
        'url.full': `${url}/a?q=1&token=REDACTED`,
      },
    });
    expect(isChild(span, await app.spans.one('work'))).toBe(true);
    const { traceId, spanId } = span.spanContext();
    expect(received[0]?.headers['traceparent']).toBe(`00-${traceId}-${spanId}-01`);
  });

  it('H5 each belong to the task that made them, in 300 tasks at once', async () => {
    const tasks = Array.from({ length: 300 }, (_, n) =>
      tracing.span(`task ${n}`, () => call(client, `${url}/task/${n}`)),
    );
    await Promise.all(tasks);
    const spans = await app.spans.many('GET', 300);
    const byName = new Map(app.spans.finished.map((span) => [span.name, span]));
    for (const span of spans) {
      const n = /(\d+)$/.exec(String(span.attributes['url.full']))?.[1];
      expect(isChild(span, byName.get(`task ${n}`)!)).toBe(true);
    }
  });

  it.each([404, 503])('H5 answered with %i are failures of the call', async (status) => {
    await call(client, `${url}/status/${status}`);
    const span = await app.spans.one('GET');
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes).toMatchObject({
      'error.type': String(status),
      'http.response.status_code': status,
    });
  });

  it('H5 that find nobody, or are torn, end with the error', async () => {
    const refused = await freePort();
    await expect(call(client, `http://127.0.0.1:${refused}/`)).rejects.toThrow();
    await expect(call(client, `${url}/torn`)).rejects.toThrow();
    const [first, second] = await app.spans.many('GET', 2);
    expect(first).toMatchObject({ attributes: { 'error.type': 'ECONNREFUSED' } });
    expect(second?.attributes['error.type']).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(second?.status.code).toBe(SpanStatusCode.ERROR);
  });

  it('H5 that are suppressed or ignored have neither span nor headers', async () => {
    await context.with(suppressTracing(context.active()), () => call(client, `${url}/quiet`));
    await call(client, `${url.replace('127.0.0.1', 'localhost')}/ignored`).catch(() => undefined);
    expect(app.spans.finished).toEqual([]);
    for (const { headers } of received) expect(headers).not.toHaveProperty('traceparent');
  });

  it('H3 carry one traceparent, ours, even if the application wrote one', async () => {
    const own = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await call(client, `${url}/own`, { traceparent: own });
    const span = await app.spans.one('GET');
    expect(received[0]?.headers['traceparent']).toContain(span.spanContext().spanId);
    expect(received[0]?.headers['traceparent']).toHaveLength(55);
  });

  it('H5 keep baggage to themselves unless a host is named for it', async () => {
    const baggage = propagation.createBaggage({ user: { value: 'ann' } });
    const scope = propagation.setBaggage(context.active(), baggage);
    await context.with(scope, () => call(client, `${url}/baggage`));
    await app.spans.one('GET');
    expect(received[0]?.headers).toHaveProperty('traceparent');
    expect(received[0]?.headers).not.toHaveProperty('baggage');
  });

  it('H5 answered with early hints end with the final status', async () => {
    await call(client, `${url}/early`);
    const span = await app.spans.one('GET');
    expect(span.attributes['http.response.status_code']).toBe(200);
  });
});

describe('what ends a CLIENT span', () => {
  it('H5 fetch: each hop of a redirect has its own', async () => {
    await tracing.span('work', async () => (await fetch(`${url}/redirect`)).text());
    const spans = await app.spans.many('GET', 2);
    const work = await app.spans.one('work');
    expect(spans.map((span) => span.attributes['http.response.status_code'])).toEqual([302, 200]);
    expect(spans.every((span) => isChild(span, work))).toBe(true);
    const sent = received.map(({ headers }) => headers['traceparent']);
    expect(new Set(sent).size).toBe(2);
  });

  it('H5 fetch: an abort', async () => {
    const signal = AbortSignal.timeout(30);
    await expect(fetch(`${url}/slow`, { signal })).rejects.toThrow();
    const span = await app.spans.one('GET');
    expect(span.attributes['error.type']).toBe('TimeoutError');
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
  });

  it('H5 fetch: headers, if nobody reads the body', async () => {
    const response = await fetch(`${url}/unread`);
    await app.spans.one('GET');
    await response.body?.cancel();
  });

  it('H5 node:http: headers, if nobody reads the body', async () => {
    const unread = get(`${url}/unread`, { agent: new Agent() }, () => undefined);
    unread.on('error', () => undefined);
    await app.spans.one('GET');
    unread.destroy();
  });

  it('H5 node:http: destroy, at once and later', async () => {
    const quiet = () => undefined;
    const first = get(`${url}/slow`, { agent: new Agent() }).on('error', quiet);
    first.destroy();
    const later = get(`${url}/slow`, { agent: new Agent() }).on('error', quiet);
    setTimeout(() => later.destroy(), 30);
    const spans = await app.spans.many('GET', 2);
    for (const span of spans) expect(span.attributes['error.type']).toBe('ECONNRESET');
  });

  it('H5 node:http: an upgrade, and a tunnel', async () => {
    const headers = { connection: 'upgrade', upgrade: 'chat' };
    const chat = get(url, { headers, agent: new Agent() });
    const [answer] = (await once(chat, 'upgrade')) as [{ statusCode: number }];
    expect(answer.statusCode).toBe(101);
    expect((await app.spans.one('GET')).attributes['http.response.status_code']).toBe(101);
    const { port } = new URL(url);
    const tunnel = request({ host: '127.0.0.1', port, method: 'CONNECT', path: 'far:1' });
    tunnel.end();
    await once(tunnel, 'connect');
    expect((await app.spans.one('CONNECT')).attributes['http.response.status_code']).toBe(200);
  });

  it('H5 fetch: a WebSocket that is opened, and one that is refused', async () => {
    const opened = new WebSocket(`${url.replace('http', 'ws')}/chat`);
    await new Promise((resolve) => opened.addEventListener('open', resolve));
    const [span] = await app.spans.many('GET', 1);
    expect(span?.attributes).toMatchObject({ 'http.response.status_code': 101 });
    const refused = new WebSocket(`${url.replace('http', 'ws')}/refused`);
    await new Promise((resolve) => refused.addEventListener('error', resolve));
    await app.spans.many('GET', 2);
  });
});
