import { NotFoundException } from '@nestjs/common';
import { SpanStatusCode } from '@opentelemetry/api';
import { UnrecoverableError } from 'bullmq';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { OffloadCrashError, OffloadDataError } from '../offload/built.js';
import type { Offloading } from '../offload/offloading.js';
import { inRequest, rejection } from '../offload/offloading.js';
import { describeWithService, findRedis } from '../support/services.js';
import * as jobs from './fixtures/jobs.task.mjs';
import { OffloadTaskUnknownError } from './support/built.js';
import { Stage } from './support/stage.js';

const INPUTS = [0, -1.5, '', 'text', true, null, undefined, [], [1, [2]], { a: { b: [null] } }];

describeWithService(await findRedis(), 'offload through BullMQ to another process', () => {
  const stage = new Stage();
  let app: Offloading;
  let host: { readonly pid: number };

  beforeAll(async () => {
    host = await stage.host({
      concurrency: 1,
      only: Object.keys(jobs).filter((n) => n !== 'work'),
    });
    app = await stage.caller({ backoffMillis: 10 });
  });
  afterEach(() => app.spans.reset());
  afterAll(() => stage.close());

  const fail = (how: string) => rejection(app.tracing.offload(jobs.failing, how));

  it('Q1 gives the same values for the same inputs as here', async () => {
    const there = await Promise.all(INPUTS.map((input) => app.tracing.offload(jobs.echo, input)));
    expect(there).toEqual(INPUTS);
    expect((await app.tracing.offload(jobs.nested, 0)).pid).toBe(host.pid);
  });

  it("Q2 the process span descends from the caller, the task's spans from that", async () => {
    await inRequest(() => app.tracing.offload(jobs.nested, 2));
    expect(app.spans.tree()).toBe(
      [
        'request',
        '  offload nested',
        '    process offload',
        '      task nested',
        '        outer',
        '          inner 0',
        '          inner 1',
      ].join('\n'),
    );
    expect(app.spans.one('process offload').attributes).toMatchObject({
      'messaging.system': 'bullmq',
      'messaging.destination.name': 'offload',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.client.id': expect.stringContaining(`:${host.pid}`),
      'async.offload.task': 'nested',
      'async.offload.attempt': 1,
    });
    const id = app.spans.one('process offload').attributes['messaging.message.id'];
    expect(app.spans.one('offload nested').attributes).toMatchObject({
      'messaging.message.id': id,
      'async.offload.attempts': 1,
    });
  });

  it('Q4 Q5 every attempt has its span, a failed one is ERROR with its exception', async () => {
    const file = await stage.file('tries');
    const value = await app.tracing.offload(jobs.flaky, { file, until: 3 }, { attempts: 5 });
    expect(value).toBe(3);
    expect(app.spans.tree({ attributes: ['async.offload.attempt', 'error.type'] })).toBe(
      [
        'offload flaky',
        '  process offload async.offload.attempt=1 error.type=RangeError status=ERROR',
        '    task flaky error.type=RangeError status=ERROR',
        '  process offload async.offload.attempt=2 error.type=RangeError status=ERROR',
        '    task flaky error.type=RangeError status=ERROR',
        '  process offload async.offload.attempt=3',
        '    task flaky',
      ].join('\n'),
    );
    const messages = app.spans
      .named('process offload')
      .map((span) => span.events.map((event) => event.attributes!['exception.message']));
    expect(messages).toEqual([['try 1'], ['try 2'], []]);
  });

  it('Q6 baggage and the ids of the trace are there in the task', async () => {
    const seen = await inRequest(() => app.tracing.offload(jobs.context, undefined));
    const { traceId } = app.spans.one('request').spanContext();
    expect(seen).toEqual({ tenant: 'blue', traceId, pid: host.pid });
  });

  it('Q7 errors revive with class, code, fields, cause and the stack of the host', async () => {
    const error = (await fail('custom')) as RangeError;
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ name: 'QuotaError', message: 'over quota', code: 'E_QUOTA' });
    expect(error).toHaveProperty('used', { bytes: 12 });
    expect(error.cause).toBeInstanceOf(TypeError);
    expect(error.stack).toContain('jobs.task.mjs');
    expect(await fail('text')).toBe('a text');
  });

  it("Q7 Nest's exceptions keep their status and are expected; BullMQ's keep their class", async () => {
    const missing = (await fail('http')) as NotFoundException;
    expect(missing).toBeInstanceOf(NotFoundException);
    expect(missing.getResponse()).toEqual({ message: 'no such cat', cat: 7 });
    expect(app.spans.finished.map((span) => span.status.code)).toEqual(
      Array(3).fill(SpanStatusCode.UNSET),
    );
    expect(await fail('final')).toBeInstanceOf(UnrecoverableError);
  });

  it('Q7 what can never succeed is not tried again', async () => {
    const again = { attempts: 4 };
    await rejection(app.tracing.offload(jobs.failing, 'final', again));
    await rejection(app.tracing.offload(jobs.failing, 'date', again));
    expect(app.spans.named('process offload')).toHaveLength(2);
  });

  it('Q8 the wait in the queue is recorded, to the microsecond on both sides', async () => {
    await Promise.all([
      app.tracing.offload(jobs.wait, { millis: 300 }),
      app.tracing.offload(jobs.echo, 1),
    ]);
    const wait = app.spans.one('offload echo').attributes['async.offload.queue_wait_ms'];
    expect(wait).toBeGreaterThan(250);
    expect(wait).toBeLessThan(10_000);
    const waits = app.spans.finished.map(({ attributes }) =>
      Number(attributes['async.offload.queue_wait_ms'] ?? 0),
    );
    expect(waits.filter((millis) => millis > 0)).toHaveLength(4);
    expect(waits).toEqual(waits.map((millis) => Number(millis.toFixed(3))));
  });

  it('Q11 an input or result that is no JSON is refused with its path, before it travels', async () => {
    const refused = (input: unknown) => rejection(app.tracing.offload(jobs.echo, input));
    for (const [input, message] of [
      [{ list: [1, { at: new Date(0) }] }, 'input.list[1].at is an instance of class Date'],
      [new Map(), 'input is an instance of class Map'],
      [{ ratio: NaN }, 'input.ratio is NaN'],
      [[undefined], 'input[0] is undefined'],
      [{ big: 1n }, 'input.big is a bigint'],
    ] as const) {
      const error = await refused(input);
      expect(error).toBeInstanceOf(OffloadDataError);
      expect((error as Error).message).toContain(message);
    }
    const ring: { self?: unknown } = {};
    ring.self = ring;
    expect(String(await refused(ring))).toContain('input.self is a reference to what holds it');
    expect(app.spans.named('process offload')).toHaveLength(0);
    const result = await fail('date');
    expect(result).toBeInstanceOf(OffloadDataError);
    expect(String(result)).toContain('result.list[0] is an instance of class Date');
  });

  it('a task that the host does not have is refused with the ones that it has', async () => {
    const error = await rejection(app.tracing.offload(jobs.work, { id: 1, millis: 0 }));
    expect(error).toBeInstanceOf(OffloadTaskUnknownError);
    expect(String(error)).toMatch(
      /"work" is not registered .* which has .*echo.*createOffloadHost/s,
    );
  });

  it('a worker thread that ends rejects its task by name, and the host goes on', async () => {
    const error = await fail('exit');
    expect(error).toBeInstanceOf(OffloadCrashError);
    expect(String(error)).toContain('worker exited with code: 3');
    expect(await app.tracing.offload(jobs.echo, 'again')).toBe('again');
    expect(app.tracing.stats().offload.crashed).toBe(1);
  });

  it('enqueue() needs a backend with a queue, and says so', async () => {
    const local = await startInline();
    const error = await rejection(local.tracing.enqueue(jobs.nested, 1));
    await local.close();
    expect(String(error)).toContain('bullmqBackend({ connection })');
  });
});

/** Spans are recorded by one application at a time, so this one records none. */
async function startInline(): Promise<{ tracing: Offloading['tracing']; close(): Promise<void> }> {
  const { Test } = await import('@nestjs/testing');
  const { TracingModule, TracingService } = await import('../offload/built.js');
  const offload = { backend: 'inline' } as const;
  const module = await Test.createTestingModule({
    imports: [TracingModule.forRoot({ exporter: 'none', offload })],
  }).compile();
  await module.init();
  return { tracing: module.get(TracingService), close: () => module.close() };
}
