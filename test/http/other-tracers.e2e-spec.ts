import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import http, { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { SpanKind, context, propagation, trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { request as undiciRequest } from 'undici';
import { TracingService } from 'nestjs-tracing';
import { HttpApp } from './support/http-app.js';

const received: IncomingHttpHeaders[] = [];
let service: Server;
let url: string;
let app: HttpApp | undefined;
const undo: (() => void)[] = [];

beforeAll(async () => {
  service = createServer((req, res) => {
    received.push(req.headers);
    res.end('ok');
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  for (const each of undo.splice(0)) each();
  await app?.close();
  app = undefined;
  received.length = 0;
});
afterAll(() => {
  service.closeAllConnections();
  service.close();
});

const start = async () => {
  app = await HttpApp.start('fastify');
};

/** By the function that is there now, as an application calls it. */
async function byNode(headers: Record<string, string> = {}): Promise<void> {
  const call = http.request(url, { headers, agent: new http.Agent() }).end();
  const [response] = (await once(call, 'response')) as [http.IncomingMessage];
  await once(response.resume(), 'end');
}

async function byFetch(headers: Record<string, string> = {}): Promise<void> {
  await (await fetch(url, { headers })).text();
}

async function byUndici(headers: Record<string, string> = {}): Promise<void> {
  await (await undiciRequest(url, { headers })).body.text();
}

const clientSpans = () => app!.spans.finished.filter(({ kind }) => kind === SpanKind.CLIENT);
const warnings = () => app!.logger.lines.filter((line) => line.includes('Another instrumentation'));

/** One CLIENT span for each request, which the server has heard of. */
async function expectOneSpanEach(requests: number): Promise<void> {
  await app!.spans.noneOpen();
  expect(received).toHaveLength(requests);
  const sent = received.map((headers) => String(headers['traceparent']).split('-')[2]);
  expect(new Set(clientSpans().map((span) => span.spanContext().spanId))).toEqual(new Set(sent));
  expect(clientSpans()).toHaveLength(requests);
}

/** A wrapper of `http.request`: `before` may open a span and write headers. */
function wrapHttp(before: (options: http.RequestOptions) => Context): void {
  const original = http.request;
  http.request = ((address: string, options: http.RequestOptions) => {
    const changed = { ...options, headers: Object.assign({}, options.headers) };
    return context.with(before(changed), () =>
      Reflect.apply(original, http, [address, changed]),
    ) as http.ClientRequest;
  }) as typeof original;
  undo.push(() => {
    http.request = original;
  });
}

function subscribeTo(name: string, listener: (message: unknown) => void): void {
  subscribe(name, listener);
  undo.push(() => unsubscribe(name, listener));
}

const traceNothing = () => wrapHttp(() => context.active());
const count = (name: string) => {
  let heard = 0;
  subscribeTo(name, () => (heard += 1));
  return () => heard;
};

/** One for all tests: it patches what is loaded once it is there, and that only once. */
const httpInstrumentation = new HttpInstrumentation({
  enabled: false,
  disableIncomingRequestInstrumentation: true,
});

function instrumentHttp(): void {
  httpInstrumentation.setTracerProvider(trace.getTracerProvider());
  httpInstrumentation.enable();
  createRequire(import.meta.url)('http');
  undo.push(() => httpInstrumentation.disable());
}

function instrumentUndici(): void {
  const instrumentation = new UndiciInstrumentation();
  undo.push(() => instrumentation.disable());
}

async function inEitherOrder(other: () => void, order: 'before' | 'after'): Promise<void> {
  if (order === 'before') other();
  await start();
  if (order === 'after') other();
}

const ORDERS = ['before', 'after'] as const;

describe.each(ORDERS)('who traces nothing, %s ours', (order) => {
  it('H7 a wrapper of http.request silences nobody', async () => {
    await inEitherOrder(traceNothing, order);
    await byNode();
    await byNode({ 'x-own': '1' });
    await expectOneSpanEach(2);
    expect(warnings()).toEqual([]);
  });

  it.each([
    ['http.client.request.created', byNode],
    ['undici:request:create', byFetch],
    ['undici:request:create', byUndici],
  ])('H7 a subscriber of %s that counts silences nobody', async (name, call) => {
    let heard = (): number => 0;
    await inEitherOrder(() => (heard = count(name)), order);
    await call();
    await call();
    expect(heard()).toBe(2);
    await expectOneSpanEach(2);
    expect(warnings()).toEqual([]);
  });

  it('H7 a subscriber that only adds a header of its own silences nobody', async () => {
    const add = (message: unknown) =>
      (message as { request: { addHeader(name: string, value: string): void } }).request.addHeader(
        'x-request-id',
        '7',
      );
    await inEitherOrder(() => subscribeTo('undici:request:create', add), order);
    await byFetch();
    expect(received[0]).toHaveProperty('x-request-id', '7');
    await expectOneSpanEach(1);
  });

  it.each([
    ['node:http', byNode],
    ['fetch', byFetch],
    ['undici', byUndici],
  ])('H7 an application that propagates by itself keeps its span, by %s', async (_name, call) => {
    await inEitherOrder(() => {
      traceNothing();
      count('undici:request:create');
    }, order);
    const tracing = app!.app.get(TracingService);
    await tracing.span('work', async () => {
      const headers = {};
      propagation.inject(context.active(), headers);
      await call(headers);
    });
    await expectOneSpanEach(1);
  });
});

describe.each(ORDERS)('who opens a CLIENT span, %s ours', (order) => {
  it('H7 instrumentation-http is left its requests, and that is said once', async () => {
    await inEitherOrder(instrumentHttp, order);
    await byNode();
    await app!.app.get(TracingService).span('work', () => byNode());
    await expectOneSpanEach(2);
    const names = clientSpans().map(({ instrumentationScope }) => instrumentationScope.name);
    expect(new Set(names)).toEqual(new Set(['@opentelemetry/instrumentation-http']));
    expect(warnings()).toEqual([expect.stringContaining('node:http')]);
  });

  it.each([
    ['fetch', byFetch],
    ['undici', byUndici],
  ])('H7 instrumentation-undici is left its requests, by %s', async (_name, call) => {
    await inEitherOrder(instrumentUndici, order);
    await call();
    await app!.app.get(TracingService).span('work', () => call());
    await expectOneSpanEach(2);
    const names = clientSpans().map(({ instrumentationScope }) => instrumentationScope.name);
    expect(new Set(names)).toEqual(new Set(['@opentelemetry/instrumentation-undici']));
    expect(warnings()).toEqual([expect.stringContaining('fetch')]);
  });

  it('H7 a wrapper that opens a span is left its requests', async () => {
    let theirs: Span | undefined;
    const open = (options: http.RequestOptions) => {
      theirs = trace.getTracer('theirs').startSpan('theirs', { kind: SpanKind.CLIENT });
      const ctx = trace.setSpan(context.active(), theirs);
      propagation.inject(ctx, options.headers);
      return ctx;
    };
    await inEitherOrder(() => wrapHttp(open), order);
    await byNode();
    theirs?.end();
    await expectOneSpanEach(1);
    expect(clientSpans()[0]?.name).toBe('theirs');
  });

  it('H7 a wrapper that writes a traceparent is left its requests', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const write = (options: http.RequestOptions) => {
      Object.assign(options.headers ?? {}, { traceparent });
      return context.active();
    };
    await inEitherOrder(() => wrapHttp(write), order);
    await byNode();
    await app!.spans.noneOpen();
    expect(received[0]?.['traceparent']).toBe(traceparent);
    expect(clientSpans()).toEqual([]);
    expect(warnings()).toHaveLength(1);
  });
});

it('H7 instrumentations that are not there for a request leave it to ours', async () => {
  await start();
  instrumentUndici();
  await byFetch();
  for (const each of undo.splice(0)) each();
  await byFetch();
  await expectOneSpanEach(2);
  const names = clientSpans().map(({ instrumentationScope }) => instrumentationScope.name);
  expect(names.filter((name) => name.includes('undici'))).toHaveLength(1);
});

it('H7 channels are as they were once the application has closed', async () => {
  const own = () => Object.getOwnPropertyNames(channel('undici:request:create'));
  const before = own();
  await start();
  const other = await HttpApp.start('fastify');
  await app?.close();
  app = undefined;
  await other.close();
  expect(own()).toEqual(before);
});
