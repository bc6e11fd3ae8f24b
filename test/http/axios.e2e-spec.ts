import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpModule, HttpService } from '@nestjs/axios';
import { SpanStatusCode } from '@opentelemetry/api';
import axios from 'axios';
import { lastValueFrom, retry } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TracingService } from 'nestjs-tracing';
import { HttpApp } from './support/http-app.js';
import { isChild } from './support/kept-spans.js';

interface Options {
  readonly signal?: AbortSignal;
  readonly agent?: Agent;
}

const received: { url: string; headers: IncomingHttpHeaders; port: number }[] = [];
let failures = 0;
let service: Server;
let url: string;
let app: HttpApp;
let tracing: TracingService;

beforeAll(async () => {
  service = createServer((req, res) => {
    const path = req.url ?? '';
    received.push({ url: path, headers: req.headers, port: req.socket.remotePort ?? 0 });
    if (path === '/slow') return;
    if (path === '/first') return void res.writeHead(302, { location: '/second' }).end();
    if (path === '/second') return void res.writeHead(307, { location: '/third' }).end();
    if (path === '/flaky' && failures-- > 0) res.statusCode = 503;
    req.resume().on('end', () => res.end('"ok"'));
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  app = await HttpApp.start('fastify', { module: { imports: [HttpModule.register({})] } });
  tracing = app.app.get(TracingService);
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

const get = {
  axios: (path: string, { signal, agent }: Options = {}) =>
    axios.get<unknown>(url + path, { ...(signal && { signal }), httpAgent: agent }),
  '@nestjs/axios': (path: string, { signal, agent }: Options = {}) =>
    lastValueFrom(
      app.app
        .get(HttpService)
        .get<unknown>(url + path, { ...(signal && { signal }), httpAgent: agent }),
    ),
};

async function sentSpans(): Promise<unknown[]> {
  const spans = await app.spans.many('GET', received.length);
  expect(received.map(({ headers }) => headers['traceparent'])).toEqual(
    spans.map((span) => {
      const { traceId, spanId } = span.spanContext();
      return `00-${traceId}-${spanId}-01`;
    }),
  );
  return spans.map(({ attributes }) => attributes['http.response.status_code']);
}

describe.each(['axios', '@nestjs/axios'] as const)('requests by %s', (client) => {
  const call = get[client];

  it('H5 are children of the span they are made in', async () => {
    await tracing.span('work', () => call('/plain?token=s3cret'));
    const span = await app.spans.one('GET');
    expect(isChild(span, await app.spans.one('work'))).toBe(true);
    expect(span.attributes).toMatchObject({ 'url.full': `${url}/plain?token=REDACTED` });
    expect(await sentSpans()).toEqual([200]);
  });

  it('H5 have a span for each hop of a redirect, all in the task that asked', async () => {
    await tracing.span('work', () => call('/first'));
    expect(await sentSpans()).toEqual([302, 307, 200]);
    const work = await app.spans.one('work');
    expect(app.spans.named('GET').every((span) => isChild(span, work))).toBe(true);
  });

  it('H5 that are aborted end as failures', async () => {
    const signal = AbortSignal.timeout(30);
    await expect(tracing.span('work', () => call('/slow', { signal }))).rejects.toThrow('canceled');
    const span = await app.spans.one('GET');
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes['error.type']).toMatch(/^(ECONNRESET|ERR_CANCELED|CanceledError)$/);
  });

  it('H5 on one kept-alive connection keep their own parents', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const tasks = Array.from({ length: 20 }, (_, n) =>
      tracing.span(`task ${n}`, () => call(`/task/${n}`, { agent })),
    );
    await Promise.all(tasks);
    agent.destroy();
    expect(new Set(received.map(({ port }) => port)).size).toBe(1);
    const tasksByName = new Map(app.spans.finished.map((span) => [span.name, span]));
    for (const span of await app.spans.many('GET', 20)) {
      const n = /(\d+)$/.exec(String(span.attributes['url.full']))?.[1];
      expect(isChild(span, tasksByName.get(`task ${n}`)!)).toBe(true);
    }
  });
});

it('H5 each retry has a span of its own', async () => {
  failures = 2;
  const http = app.app.get(HttpService);
  await tracing.span('work', () => lastValueFrom(http.get(`${url}/flaky`).pipe(retry(3))));
  expect(await sentSpans()).toEqual([503, 503, 200]);
  const work = await app.spans.one('work');
  expect(app.spans.named('GET').every((span) => isChild(span, work))).toBe(true);
});

/** As got and its like call it: a URL, options that override it, the body piece by piece. */
it('H5 the options of http.request win over its URL, and a streamed body changes nothing', async () => {
  const call = request(new URL(`${url}/elsewhere`), { path: '/here', method: 'PUT' });
  call.write('a');
  setTimeout(() => call.end('b'), 5);
  const [response] = await once(call, 'response');
  (response as NodeJS.ReadableStream).resume();
  const span = await app.spans.one('PUT');
  expect(span.attributes).toMatchObject({
    'url.full': `${url}/here`,
    'http.response.status_code': 200,
  });
  expect(received[0]?.headers['traceparent']).toContain(span.spanContext().spanId);
});
