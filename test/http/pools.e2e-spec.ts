import { AsyncResource } from 'node:async_hooks';
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Agent as NodeAgent, createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  Agent,
  fetch as packagedFetch,
  interceptors,
  request as undiciRequest,
  setGlobalDispatcher as setPackagedDispatcher,
} from 'undici';
import type { Dispatcher } from 'undici';
import { TracingService } from 'nestjs-tracing';
import { HttpApp } from './support/http-app.js';
import { isChild } from './support/kept-spans.js';
import { send } from './support/raw-request.js';

const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');
const TASKS = 24;

let service: Server;
let url: string;
let app: HttpApp;
let tracing: TracingService;
const received = new Map<string, IncomingHttpHeaders>();

/** Twenty-four tasks at once, each started a moment after the one before, share two connections. */
async function callFromTasks(call: (address: string) => Promise<unknown>): Promise<void> {
  const tasks = Array.from({ length: TASKS }, async (_, n) => {
    await new Promise((resolve) => setTimeout(resolve, n));
    return tracing.span(`task ${n}`, () => call(`${url}/task/${n}`));
  });
  await Promise.all(tasks);
}

/** Every CLIENT span is a child of the task that made it, and so says the header that was sent. */
async function expectOwnParents(): Promise<void> {
  const spans = await app.spans.many('GET', TASKS);
  const tasks = new Map(app.spans.finished.map((span) => [span.name, span]));
  const strays = spans.filter((span) => {
    const path = new URL(String(span.attributes['url.full'])).pathname;
    const sent = received.get(path)?.['traceparent'];
    const task = tasks.get(`task ${path.slice('/task/'.length)}`);
    return !isChild(span, task!) || !String(sent).includes(span.spanContext().spanId);
  });
  expect(strays.map((span) => span.attributes['url.full'])).toEqual([]);
}

/** Replaces the dispatcher of Node's own `fetch`, as undici's `setGlobalDispatcher` does. */
function setGlobalDispatcher(dispatcher: unknown): void {
  (globalThis as Record<symbol, unknown>)[GLOBAL_DISPATCHER] = dispatcher;
}

beforeAll(async () => {
  service = createServer((req, res) => {
    received.set(req.url ?? '', req.headers);
    setTimeout(() => res.end('ok'), 5);
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  app = await HttpApp.start('fastify');
  tracing = app.app.get(TracingService);
});
afterEach(async () => {
  await app.spans.noneOpen();
  app.spans.reset();
  received.clear();
});
afterAll(async () => {
  await app.close();
  service.closeAllConnections();
  service.close();
});

describe('requests that wait for a free connection keep their own parents', () => {
  const limited = (): Agent => new Agent({ connections: 2 });

  it("H5 by Node's own fetch, on the global dispatcher", async () => {
    await fetch(url);
    const before = (globalThis as Record<symbol, unknown>)[GLOBAL_DISPATCHER] as Dispatcher;
    app.spans.reset();
    const OwnAgent = before.constructor as typeof Agent;
    setGlobalDispatcher(new OwnAgent({ connections: 2 }));
    await callFromTasks(async (address) => (await fetch(address)).text());
    setGlobalDispatcher(before);
    await expectOwnParents();
  });

  it("H5 by Node's own fetch, on a global dispatcher of the package undici", async () => {
    await fetch(url);
    const before = (globalThis as Record<symbol, unknown>)[GLOBAL_DISPATCHER];
    app.spans.reset();
    const dispatcher = limited();
    setPackagedDispatcher(dispatcher);
    await callFromTasks(async (address) => (await fetch(address)).text());
    await dispatcher.close();
    setGlobalDispatcher(before);
    await expectOwnParents();
  });

  it.each<[string, (address: string, dispatcher: Dispatcher) => Promise<unknown>]>([
    ['fetch', async (at, dispatcher) => (await packagedFetch(at, { dispatcher })).text()],
    ['request', async (at, dispatcher) => (await undiciRequest(at, { dispatcher })).body.text()],
  ])('H5 by %s of the package undici, on a dispatcher of its own', async (_name, call) => {
    const dispatcher = limited();
    await callFromTasks((address) => call(address, dispatcher));
    await dispatcher.close();
    await expectOwnParents();
  });

  it('H5 by undici with interceptors', async () => {
    const agent = limited();
    const dispatcher = agent.compose(interceptors.retry(), interceptors.redirect());
    await callFromTasks(async (at) => (await undiciRequest(at, { dispatcher })).body.text());
    await agent.close();
    await expectOwnParents();
  });

  it('H5 by node:http, on an agent with two sockets', async () => {
    const agent = new NodeAgent({ keepAlive: true, maxSockets: 2 });
    await callFromTasks((address) => send(address, { agent }));
    agent.destroy();
    await expectOwnParents();
  });
});

/** undici before 8, which is not installed here, tells of a queued request in its pool's task. */
describe('requests of undici before 8', () => {
  it('H5 belong to the caller that their handler remembers', async () => {
    const publish = (name: string, message: object) => channel(name).publish(message);
    const caller = tracing.span('caller', () => new AsyncResource('UNDICI_REQUEST'));
    const queued = {
      method: 'GET',
      origin: url,
      path: '/queued',
      headers: [] as string[],
      addHeader(name: string, value: string) {
        this.headers.push(name, value);
      },
      [Symbol('handler')]: caller,
    };
    tracing.span('pool', () => publish('undici:request:create', { request: queued }));
    publish('undici:request:headers', { request: queued, response: { statusCode: 200 } });
    const span = await app.spans.one('GET');
    expect(isChild(span, await app.spans.one('caller'))).toBe(true);
    expect(queued.headers[0]).toBe('traceparent');
  });
});

describe('the global dispatcher', () => {
  it('S4 is as it was once the application has closed', async () => {
    await fetch(url);
    const dispatcher = (globalThis as Record<symbol, unknown>)[GLOBAL_DISPATCHER] as object;
    const own = (): PropertyDescriptor | undefined =>
      Object.getOwnPropertyDescriptor(dispatcher, 'dispatch');
    const before = own();
    const other = await HttpApp.start('fastify');
    await other.close();
    expect(own()).toEqual(before);
  });
});
