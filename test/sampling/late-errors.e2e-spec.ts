import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { lastValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { SamplerOptions } from 'nestjs-tracing';
import { SocketClient } from '../graphql/support/socket-client.js';
import { PLATFORMS } from '../http/support/http-app.js';
import { WholeApp } from './support/whole-app.js';

let app: WholeApp;
afterEach(() => app.close());

/** What the application does by itself is none of the test's. */
const QUIET = { cron: '*', ratio: 0, keepErrors: false } as const;
const ORDERS = { route: '/orders/:id', ratio: 0, name: 'orders' };

describe.each(PLATFORMS)('roots that are sampled out and fail, on %s', (platform) => {
  const start = async ({ rules = [], ...sampler }: SamplerOptions): Promise<void> => {
    app = await WholeApp.start(platform, { ...sampler, rules: [QUIET, ...rules] });
  };
  const figures = (rule: string) => app.sampling.find((each) => each.rule === rule);
  const late = (name: string): Promise<ReadableSpan> => app.spans.one(name);
  /** Sockets have spans of their connections beside. */
  const names = () =>
    app.spans.finished.map(({ name }) => name).filter((name) => !/connect/.test(name));

  it('are counted by rule', async () => {
    await start({ rules: [{ route: '/orders/:id', ratio: 0 }], ratio: 0 });
    await app.get('/orders/7');
    expect(await app.get('/orders/broken')).toBe(500);
    await expect(lastValueFrom(app.messages.send('audit.broken', {}))).rejects.toBeDefined();
    await expect.poll(() => figures('route /orders/:id')?.failed).toBe(1);
    await expect.poll(() => figures('default')?.failed).toBe(1);
    expect(figures('route /orders/:id')).toMatchObject({ sampledOut: 2, recordedLate: 0 });
    expect(names()).toEqual([]);
  });

  it('of HTTP are recorded at their end, alone, with the ids that they had', async () => {
    await start({ rules: [{ route: '/orders/:id', ratio: 0 }], keepErrors: true });
    await app.get('/orders/7');
    const before = performance.timeOrigin + performance.now();
    await app.get('/orders/broken');
    const span = await late('GET /orders/:id');
    expect(span.kind).toBe(SpanKind.SERVER);
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no such order' });
    expect(span.attributes).toMatchObject({
      'sampling.late': true,
      'sampling.rule': 'route /orders/:id',
      'http.request.method': 'GET',
      'http.response.status_code': 500,
      'http.route': '/orders/:id',
      'url.path': '/orders/broken',
      'error.type': '500',
    });
    expect(span.events[0]).toMatchObject({
      name: 'exception',
      attributes: { 'exception.type': 'RangeError', 'exception.message': 'no such order' },
    });
    expect(span.spanContext().traceFlags).toBe(1);
    expect(span.parentSpanContext).toBeUndefined();
    const [seconds, nanos] = span.startTime;
    expect(seconds * 1000 + nanos / 1e6).toBeGreaterThan(before - 100);
    expect(span.duration[0] * 1e9 + span.duration[1]).toBeGreaterThan(0);
    expect(names()).toEqual(['GET /orders/:id']);
    expect(figures('route /orders/:id')).toEqual({
      rule: 'route /orders/:id',
      sampledOut: 2,
      failed: 1,
      recordedLate: 1,
    });
    await app.spans.noneOpen();
  });

  it('are not those that answer as they should', async () => {
    await start({ rules: [ORDERS], keepErrors: true });
    expect(await app.get('/orders/missing')).toBe(404);
    await app.get('/orders/broken');
    await late('GET /orders/:id');
    expect(figures('orders')).toMatchObject({ sampledOut: 2, failed: 1, recordedLate: 1 });
  });

  it('may be left out by rule', async () => {
    const rules = [{ route: '/orders/:id', ratio: 0, keepErrors: false }];
    await start({ rules, keepErrors: true });
    await app.get('/orders/broken');
    await expect.poll(() => figures('route /orders/:id')?.failed).toBe(1);
    expect(names()).toEqual([]);
  });

  it('are not those whose caller has decided', async () => {
    await start({ rules: [ORDERS], keepErrors: true });
    const traceparent = '00-11111111111111111111111111111111-2222222222222222-00';
    await fetch(`${app.http.url}/orders/broken`, { headers: { traceparent } });
    await app.get('/orders/broken');
    const span = await late('GET /orders/:id');
    expect(span.spanContext().traceId).not.toMatch(/^1+$/);
    expect(figures('orders')).toMatchObject({ sampledOut: 1, failed: 1 });
  });

  it('of messages and events are recorded, too', async () => {
    await start({ ratio: 0, keepErrors: true });
    await expect(lastValueFrom(app.messages.send('audit.broken', {}))).rejects.toBeDefined();
    await lastValueFrom(app.messages.emit('audit.broken-event', {}), { defaultValue: undefined });
    const [message, event] = [await late('audit.broken'), await late('process audit.broken-event')];
    expect(message.kind).toBe(SpanKind.SERVER);
    expect(event.kind).toBe(SpanKind.CONSUMER);
    for (const span of [message, event]) {
      expect(span.status.code).toBe(SpanStatusCode.ERROR);
      expect(span.attributes).toMatchObject({
        'sampling.late': true,
        'error.type': 'RangeError',
        'nestjs.transport': 'tcp',
      });
      expect(span.events).toHaveLength(1);
    }
    expect(names().toSorted()).toEqual(['audit.broken', 'process audit.broken-event']);
  });

  it('of sockets, operations and jobs are recorded, too', async () => {
    await start({ rules: [{ cron: 'never', ratio: 1 }], ratio: 0, keepErrors: true });
    app.socket.emit('broken', {});
    const move = await late('process broken');
    expect(move.attributes).toMatchObject({ 'sampling.late': true, 'error.type': 'RangeError' });
    const client = new SocketClient(`${app.http.url}/graphql`);
    await client.subscribe('subscription { brokenTicks }').done;
    await client.close();
    const ticks = await late('subscription');
    expect(ticks.attributes).toMatchObject({
      'sampling.late': true,
      'graphql.operation.type': 'subscription',
    });
    expect(ticks.status.code).toBe(SpanStatusCode.ERROR);
  });
});

describe('a job that is sampled out and fails', () => {
  it('is recorded at its end by its rule', async () => {
    const rules = [{ cron: 'broken', ratio: 0, keepErrors: true }, QUIET];
    app = await WholeApp.start('express', { rules });
    const span = await app.spans.one('Jobs.broken');
    expect(span.attributes).toMatchObject({
      'sampling.late': true,
      'sampling.rule': 'cron broken',
      'code.function.name': 'Jobs.broken',
      'error.type': 'RangeError',
    });
    expect(span.events).toHaveLength(1);
  });
});
