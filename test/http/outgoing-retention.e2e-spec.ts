import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { IncomingMessage, RequestOptions, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Agent as UndiciAgent, Pool, ProxyAgent, request as undiciRequest } from 'undici';
import type { Dispatcher } from 'undici';
import { TracingService } from 'nestjs-tracing';
import { exposedCollector } from '../support/exposed-collector.js';
import { HttpApp } from './support/http-app.js';
import { Proxy } from './support/proxy.js';

const REQUESTS = 20;

const collect = exposedCollector();

let service: Server;
let url: string;
let app: HttpApp;
let tracing: TracingService;
let refs: WeakRef<object>[] = [];

const watched = <T extends object>(value: T): T => {
  refs.push(new WeakRef(value));
  return value;
};
/** undici's own request, which no caller sees. */
const watchRequest = (message: unknown) => watched((message as { request: object }).request);

beforeAll(async () => {
  service = createServer((req, res) => {
    req.resume().on('end', () => res.end('x'.repeat(1000)));
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  app = await HttpApp.start('fastify');
  tracing = app.app.get(TracingService);
  subscribe('undici:request:create', watchRequest);
});
afterEach(() => {
  app.spans.reset();
  refs = [];
});
afterAll(async () => {
  unsubscribe('undici:request:create', watchRequest);
  await app.close();
  service.closeAllConnections();
  service.close();
});

/** How many objects are still there once everything else has gone. */
async function alive(): Promise<number> {
  const left = (): number => refs.filter((ref) => ref.deref() !== undefined).length;
  for (let n = 0; n < 10; n += 1) {
    await sleep(10);
    collect();
    if (left() === 0) break;
  }
  return left();
}

async function byNode(agent: Agent, signal?: AbortSignal): Promise<void> {
  const options: RequestOptions = watched({ agent, method: 'POST', ...(signal && { signal }) });
  const call = watched(request(url, options));
  call.end(watched(Buffer.alloc(1000)));
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  await once(watched(response).resume(), 'end');
}

async function byUndici(dispatcher: Dispatcher): Promise<void> {
  const body = watched(Buffer.alloc(1000));
  const options = watched({ dispatcher, method: 'POST' as const, body });
  await watched(await undiciRequest(url, options)).body.text();
}

async function byFetch(): Promise<void> {
  const init = watched({ method: 'POST', body: watched(Buffer.alloc(1000)) });
  await watched(await fetch(url, init)).text();
}

/** Each in a span of its own: the first makes the connection, which is kept. */
async function callFromSpans(call: () => Promise<void>): Promise<void> {
  for (let n = 0; n < REQUESTS; n += 1) await tracing.span(`task ${n}`, call);
  await app.spans.noneOpen();
  app.spans.reset();
}

describe('what a kept connection keeps of the requests that went by it', () => {
  it.each([1, Infinity])('X1 is nothing, by an agent of %s sockets', async (maxSockets) => {
    const agent = new Agent({ keepAlive: true, maxSockets });
    await callFromSpans(() => byNode(agent));
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    expect(refs.length).toBeGreaterThanOrEqual(4 * REQUESTS);
    expect(await alive()).toBe(0);
    agent.destroy();
  });

  it('X1 is nothing, by an agent that is asked for more than it has sockets', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 2 });
    await callFromSpans(async () => {
      await Promise.all([byNode(agent), byNode(agent), byNode(agent), byNode(agent)]);
    });
    expect(await alive()).toBe(0);
    agent.destroy();
  });

  it('X1 is nothing, nor does a signal that is kept for ever', async () => {
    const agent = new Agent({ keepAlive: true });
    const { signal } = new AbortController();
    await callFromSpans(() => byNode(agent, signal));
    expect(await alive()).toBe(0);
    expect(signal.aborted).toBe(false);
    agent.destroy();
  });

  it.each<[string, () => Dispatcher]>([
    ['an Agent', () => new UndiciAgent()],
    ['a Pool', () => new Pool(url, { connections: 1 })],
  ])('X1 is nothing, by %s of undici', async (_name, make) => {
    const dispatcher = make();
    await callFromSpans(() => byUndici(dispatcher));
    expect(refs.length).toBeGreaterThanOrEqual(4 * REQUESTS);
    expect(await alive()).toBe(0);
    await dispatcher.close();
  });

  it('X1 is nothing, by a ProxyAgent of undici', async () => {
    const proxy = await Proxy.start();
    const dispatcher = new ProxyAgent({ uri: proxy.url, proxyTunnel: true });
    await callFromSpans(() => byUndici(dispatcher));
    expect(await alive()).toBe(0);
    await dispatcher.close();
    proxy.close();
  });

  it('X1 is nothing, by fetch', async () => {
    await callFromSpans(byFetch);
    expect(await alive()).toBe(0);
  });
});
