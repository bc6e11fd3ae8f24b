import { setTimeout as sleep } from 'node:timers/promises';
import { SpanStatusCode } from '@opentelemetry/api';
import { FlowProducer, Queue, WaitingChildrenError, Worker } from 'bullmq';
import type { FlowJob, Job } from 'bullmq';
import { Redis } from 'ioredis';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { recordSpans } from '../offload/built.js';
import { inRequest, rejection } from '../offload/offloading.js';
import { describeWithService } from '../support/services.js';
import { tracedProcessor, tracedQueueTelemetry } from './support/built.js';
import { RedisProcess, redisProgram } from './support/redis-process.js';
import { until } from './support/stage.js';

const redis = await RedisProcess.start();

const FLOW: FlowJob = {
  name: 'top',
  queueName: 'mail',
  children: [
    { name: 'leaf', queueName: 'mail' },
    { name: 'leaf', queueName: 'print' },
  ],
};

describeWithService(redisProgram(redis), 'what Redis refuses to take', () => {
  let spans: SpanRecorder;
  let control: Redis;
  let queue: Queue;
  let flows: FlowProducer;
  const options = () => ({
    connection: { url: redis!.url },
    telemetry: tracedQueueTelemetry(),
  });
  beforeAll(() => {
    control = new Redis(redis!.url);
  });
  beforeEach(async () => {
    await control.flushall();
    spans = recordSpans();
    queue = new Queue('mail', options());
    flows = new FlowProducer(options());
    await Promise.all([queue.waitUntilReady(), flows.waitUntilReady()]);
  });
  afterEach(async () => {
    await control.config('SET', 'maxmemory', '0');
    await Promise.all([queue.close(), flows.close()]);
    await spans.stop();
  });
  afterAll(async () => {
    control.disconnect();
    await redis!.goAway();
  });

  const fill = () => control.config('SET', 'maxmemory', '1');

  it.each([
    ['add', 1, () => queue.add('welcome', {})],
    ['addBulk', 1, () => queue.addBulk([{ name: 'a', data: {} }])],
    ['add', 1, () => queue.upsertJobScheduler('hourly', { every: 3_600_000 })],
    ['addNode', 3, () => flows.add(FLOW)],
    ['addNode', 6, () => flows.addBulk([FLOW, FLOW])],
  ] as const)('is an error on every PRODUCER span (%s, %i)', async (operation, count, add) => {
    await fill();
    const error = (await inRequest(() => rejection(add()))) as Error;
    expect(error.message).toMatch(/OOM|EXECABORT/);
    const producers = spans.finished.filter(({ name }) => name.startsWith(`${operation} `));
    expect(producers).toHaveLength(count);
    for (const span of producers) {
      expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: error.message });
      expect(span.attributes['error.type']).toBe('ReplyError');
    }
    spans.assertNoOpenSpans();
  });

  it('a flow that Redis turns down is an error on each of its jobs', async () => {
    const parent = { id: 'missing', queue: 'bull:mail' };
    const error = (await rejection(flows.add({ ...FLOW, opts: { parent } }))) as Error;
    expect(error.message).toMatch(/Missing key for parent job/);
    expect(spans.tree({ attributes: ['error.type'] })).toBe(
      [
        'addNode mail error.type=Error status=ERROR',
        '  addNode mail error.type=Error status=ERROR',
        '  addNode print error.type=Error status=ERROR',
      ].join('\n'),
    );
  });

  it('a flow with a job that cannot be put together is an error on each of its jobs', async () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const error = await rejection(
      flows.add({
        ...FLOW,
        children: [FLOW, { name: 'leaf', queueName: 'print', data: circular }],
      }),
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(spans.named('addNode mail')).toHaveLength(3);
    for (const span of spans.named('addNode mail'))
      expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(spans.finished.map((span) => span.attributes['error.type'])).toEqual(
      Array(5).fill('TypeError'),
    );
    spans.assertNoOpenSpans();
  });

  it('the span of a flow lasts until Redis has it, and is no error then', async () => {
    const { job } = await inRequest(() => flows.add(FLOW));
    expect(spans.tree()).toBe('request\n  addNode mail\n    addNode mail\n    addNode print');
    const [top] = spans
      .named('addNode mail')
      .filter((span) => span.attributes['messaging.message.id'] === job.id);
    for (const span of spans.finished) expect(span.status.code).toBe(SpanStatusCode.UNSET);
    const end = ([seconds, nanos]: readonly [number, number]) => seconds * 1e9 + nanos;
    for (const leaf of spans.finished.filter(({ name }) => name.startsWith('addNode')))
      expect(end(leaf.endTime)).toBeLessThanOrEqual(end(top!.endTime));
  });

  it('a producer that is gone makes no span, whatever is added to it', async () => {
    await flows.close();
    expect(await flows.add(FLOW)).toBeUndefined();
    expect(spans.finished).toEqual([]);
  });

  it('what a worker does to a job that is not done yet is no failure', async () => {
    const worker: Worker = new Worker(
      'mail',
      tracedProcessor(async (job: Job, token?: string) => {
        if (job.name === 'limited' && job.attemptsStarted === 1) {
          await worker.rateLimit(20);
          throw Worker.RateLimitError();
        }
        if (job.name !== 'top' || job.attemptsStarted > 1) return;
        await queue.add(
          'late child',
          {},
          { parent: { id: job.id!, queue: job.queueQualifiedName } },
        );
        if (await job.moveToWaitingChildren(token!)) throw new WaitingChildrenError();
      }),
      options(),
    );
    await queue.add('limited', {});
    await queue.add('top', {});
    await until(() => spans.named('process mail').length === 5);
    await sleep(20);
    for (const span of spans.named('process mail'))
      expect(span.status.code).toBe(SpanStatusCode.UNSET);
    await worker.close();
    spans.assertNoOpenSpans();
  });
});
