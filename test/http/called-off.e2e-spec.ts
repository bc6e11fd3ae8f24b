import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { RequestOptions, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import axios from 'axios';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Agent, ProxyAgent, fetch as packagedFetch, request as undiciRequest } from 'undici';
import { TracingService } from 'nestjs-tracing';
import { HttpApp } from './support/http-app.js';

let arrived = 0;
let service: Server;
let url: string;
let app: HttpApp;
let tracing: TracingService;

beforeAll(async () => {
  service = createServer((req, res) => {
    arrived += 1;
    if (req.url === '/endless') Readable.from(endless()).pipe(res);
    else if (req.url === '/torn') req.socket.destroy();
  });
  service.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Who are you\r\n\r\n'));
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  app = await HttpApp.start('fastify');
  tracing = app.app.get(TracingService);
});
afterEach(async () => {
  await app.spans.noneOpen();
  app.spans.reset();
  arrived = 0;
});
afterAll(async () => {
  await app.close();
  service.closeAllConnections();
  service.close();
});

function* endless(): Generator<string> {
  for (;;) yield 'x'.repeat(1000);
}

function byNode(path: string, options: RequestOptions = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    get(url + path, options, resolve).on('error', reject);
  });
}

type Call = (signal: AbortSignal) => Promise<unknown>;

const CALLS: [string, Call][] = [
  ['fetch', (signal) => fetch(`${url}/slow`, { signal })],
  ['fetch of undici', (signal) => packagedFetch(`${url}/slow`, { signal })],
  ['request of undici', (signal) => undiciRequest(`${url}/slow`, { signal })],
  ['node:http', (signal) => byNode('/slow', { signal })],
  ['axios', (signal) => axios.get(`${url}/slow`, { signal })],
  ['fetch with a body', (signal) => fetch(`${url}/slow`, { signal, method: 'POST', body: 'x' })],
];

const clientSpan = () => app.spans.finished.find(({ attributes }) => 'url.full' in attributes);

function expectCalledOff(span: ReadableSpan | undefined, reason: unknown): void {
  expect(span?.status).toEqual({ code: SpanStatusCode.UNSET });
  expect(span?.attributes).not.toHaveProperty('error.type');
  expect(span?.events).toEqual([]);
  expect(span?.attributes).toMatchObject({
    'async.task.outcome': 'cancelled',
    'async.task.cancel.reason': reason,
  });
}

function expectFailed(span: ReadableSpan | undefined, type: unknown): void {
  expect(span?.status.code).toBe(SpanStatusCode.ERROR);
  expect(span?.attributes['error.type']).toEqual(type);
  expect(span?.attributes).not.toHaveProperty('async.task.outcome');
}

describe.each(CALLS)('a request by %s', (name, call) => {
  /** Aborts once the request is on its way. */
  async function abortWith(...reason: unknown[]): Promise<void> {
    const controller = new AbortController();
    const called = call(controller.signal);
    const caught = called.catch(() => undefined);
    await expect.poll(() => arrived).toBe(1);
    controller.abort(...reason);
    await caught;
    await app.spans.noneOpen();
  }

  it('H10 that its caller calls off is not failed', async () => {
    await abortWith();
    expectCalledOff(clientSpan(), 'AbortError: This operation was aborted');
  });

  it.skipIf(name === 'fetch with a body')(
    'H10 that its caller calls off with a reason says that',
    async () => {
      await abortWith(new TypeError('superseded'));
      expectCalledOff(clientSpan(), 'TypeError: superseded');
    },
  );

  it('H10 that runs out of the time its caller gave has failed', async () => {
    await expect(call(AbortSignal.timeout(30))).rejects.toThrow();
    await app.spans.noneOpen();
    expectFailed(clientSpan(), expect.stringMatching(/^(TimeoutError|ABORT_ERR|ERR_CANCELED)$/));
  });

  it('H10 of a task that is cancelled does not carry the error of its sibling', async () => {
    const tasks = tracing.group('both', async (group) => {
      void group.spawn('caller', ({ signal }) => call(signal)).catch(() => undefined);
      await group.spawn('sibling', async () => {
        await expect.poll(() => arrived).toBe(1);
        throw new RangeError('the sibling has failed');
      });
    });
    await expect(tasks).rejects.toThrow('the sibling has failed');
    await app.spans.noneOpen();
    expectCalledOff(clientSpan(), expect.stringContaining('RangeError: the sibling has failed'));
  });
});

describe('what is no calling off', () => {
  it('H10 a proxy that refuses the tunnel', async () => {
    const dispatcher = new ProxyAgent({ uri: url, proxyTunnel: true });
    await expect(undiciRequest('http://localhost:9/', { dispatcher })).rejects.toThrow('407');
    await app.spans.noneOpen();
    expectFailed(clientSpan(), 'UND_ERR_ABORTED');
    await dispatcher.destroy();
  });

  it('H10 a body that fails', async () => {
    const body = new ReadableStream({
      pull() {
        throw new RangeError('no more');
      },
    });
    const options = { method: 'POST', body, duplex: 'half' } as RequestInit;
    await expect(fetch(`${url}/slow`, options)).rejects.toThrow();
    await app.spans.noneOpen();
    expectFailed(clientSpan(), 'RangeError');
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['of axios', () => axios.get(`${url}/slow`, { timeout: 30 }), 'ECONNABORTED'],
    [
      'of undici',
      () => {
        const dispatcher = new Agent({ headersTimeout: 30 });
        return undiciRequest(`${url}/slow`, { dispatcher });
      },
      'UND_ERR_HEADERS_TIMEOUT',
    ],
    [
      'of node:http',
      () =>
        new Promise((_, reject) => {
          const call = get(`${url}/slow`, { timeout: 30 }).on('error', reject);
          call.on('timeout', () => call.destroy());
        }),
      'ECONNRESET',
    ],
  ])('H10 a time-out %s', async (_name, call, type) => {
    await expect(call()).rejects.toThrow();
    await app.spans.noneOpen();
    expectFailed(clientSpan(), type);
  });

  it('H10 a connection that is torn while the group around it goes on', async () => {
    await expect(tracing.group('one', () => fetch(`${url}/torn`))).rejects.toThrow();
    await app.spans.noneOpen();
    expectFailed(clientSpan(), expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/));
  });
});

describe('a response whose body is left early', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['fetch', async () => (await fetch(`${url}/endless`)).body?.cancel()],
    [
      'fetch, in the midst of a loop',
      async () => {
        for await (const _ of (await fetch(`${url}/endless`)).body!) break;
      },
    ],
    [
      'fetch, by its signal',
      async () => {
        const controller = new AbortController();
        const response = await fetch(`${url}/endless`, { signal: controller.signal });
        controller.abort();
        await response.text().catch(() => undefined);
      },
    ],
    [
      'node:http',
      async () => ((await byNode('/endless')) as Readable).on('error', () => undefined).destroy(),
    ],
  ])('H10 is no failure, by %s', async (_name, call) => {
    await call();
    const { status, attributes } = await app.spans.one('GET');
    expect(status).toEqual({ code: SpanStatusCode.UNSET });
    expect(attributes).not.toHaveProperty('error.type');
  });
});
