import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT_CONTEXT, context, propagation, trace } from '@opentelemetry/api';
import { DelayedError, FlowProducer, Queue, Worker } from 'bullmq';
import type { Job, Processor, WorkerOptions } from 'bullmq';
import type { QueueTelemetryOptions } from 'nestjs-tracing/bullmq';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { recordSpans } from '../offload/built.js';
import { inRequest } from '../offload/offloading.js';
import { describeWithService, findRedis } from '../support/services.js';
import { tracedProcessor, tracedQueueTelemetry } from './support/built.js';
import type { Meeting } from './support/redis.js';
import { clean, meeting } from './support/redis.js';
import { until } from './support/stage.js';

describeWithService(
  await findRedis(),
  "an application's own queue, with tracedQueueTelemetry()",
  () => {
    let spans: SpanRecorder;
    let place: Meeting;
    let closing: (() => Promise<unknown>)[];
    beforeEach(() => {
      spans = recordSpans();
      place = meeting();
      closing = [];
    });
    afterEach(async () => {
      await Promise.all(closing.map((close) => close()));
      await clean(place);
      await spans.stop();
    });

    const options = (telemetry: QueueTelemetryOptions = {}) => ({
      connection: { url: place.connection },
      prefix: place.prefix,
      telemetry: tracedQueueTelemetry(telemetry),
    });

    function makeQueue(telemetry?: QueueTelemetryOptions, name = 'mail'): Queue {
      const queue = new Queue(name, options(telemetry));
      closing.push(() => queue.close());
      return queue;
    }

    function work(
      processor: Processor,
      given: Partial<WorkerOptions> = {},
      telemetry?: QueueTelemetryOptions,
    ): Worker {
      const worker = new Worker('mail', processor, { ...options(telemetry), ...given });
      closing.push(() => worker.close());
      return worker;
    }

    const processed = (count: number) => until(() => spans.named('process mail').length === count);
    const sendsMail: Processor = async () => {
      trace.getTracer('app').startSpan('smtp').end();
      await sleep(1);
      return 'a secret';
    };

    it('Q3 an attempt is a trace of its own, linked to where the job was added', async () => {
      work(sendsMail);
      const job = await inRequest(() => makeQueue().add('welcome', { to: 'a' }));
      await processed(1);
      expect(spans.tree()).toBe('request\n  add mail\nprocess mail link=add mail\n  smtp');
      expect(spans.one('add mail').attributes).toEqual({
        'messaging.system': 'bullmq',
        'messaging.operation.name': 'add',
        'messaging.operation.type': 'send',
        'messaging.destination.name': 'mail',
        'messaging.message.id': job.id,
        'bullmq.job.name': 'welcome',
      });
      expect(spans.one('process mail').attributes).toMatchObject({
        'messaging.operation.type': 'process',
        'messaging.message.id': job.id,
        'messaging.destination.name': 'mail',
        'bullmq.job.attempts.made': 1,
      });
      expect(
        JSON.stringify(spans.finished.map((span) => [span.attributes, span.events])),
      ).not.toContain('secret');
    });

    it('Q2 or its child, if that is asked for', async () => {
      work(sendsMail, {}, { parent: 'child' });
      await inRequest(() => makeQueue({ parent: 'child' }).add('welcome', {}));
      await processed(1);
      expect(spans.tree()).toBe('request\n  add mail\n    process mail\n      smtp');
    });

    it.each(['link', 'child'] as const)(
      'Q4 every attempt has its span, each with the same origin (%s)',
      async (parent) => {
        const fails = async (job: Job): Promise<void> => {
          await sleep(1);
          if (job.attemptsStarted < 3) throw new RangeError(`try ${job.attemptsStarted}`);
        };
        work(fails, {}, { parent });
        const retried = { attempts: 3, backoff: { type: 'fixed', delay: 5 } };
        await inRequest(() => makeQueue({ parent }).add('welcome', {}, retried));
        await processed(3);
        const origin = parent === 'link' ? ' link=add mail' : '';
        const indent = parent === 'link' ? '' : '    ';
        expect(spans.tree()).toBe(
          [
            'request',
            '  add mail',
            `${indent}process mail status=ERROR${origin}`,
            `${indent}process mail status=ERROR${origin}`,
            `${indent}process mail${origin}`,
          ].join('\n'),
        );
      },
    );

    it('Q5 a failed attempt is ERROR with what BullMQ tells of it', async () => {
      work(() => Promise.reject(new RangeError('no such mailbox')));
      await makeQueue().add('welcome', {});
      await processed(1);
      const [event] = spans.one('process mail').events;
      expect(spans.one('process mail').status).toEqual({ code: 2, message: 'no such mailbox' });
      expect(event!.attributes).toMatchObject({ 'exception.message': 'no such mailbox' });
    });

    it('Q5 and with class, stack and causes, if the processor is wrapped', async () => {
      const error = new RangeError('no such mailbox', { cause: new TypeError('the cause') });
      work(tracedProcessor(() => Promise.reject(error)));
      await makeQueue().add('welcome', {});
      await processed(1);
      const { attributes, events } = spans.one('process mail');
      expect(attributes['error.type']).toBe('RangeError');
      expect(events).toHaveLength(1);
      expect(events[0]!.attributes).toMatchObject({
        'exception.type': 'RangeError',
        'exception.stacktrace': expect.stringContaining('Caused by: TypeError: the cause'),
      });
    });

    it('a job that moves itself on is no failure', async () => {
      let runs = 0;
      const once = async (job: Job, token?: string): Promise<void> => {
        if ((runs += 1) > 1) return;
        await job.moveToDelayed(Date.now() + 5, token);
        throw new DelayedError();
      };
      work(tracedProcessor(once));
      await makeQueue().add('welcome', {});
      await processed(2);
      expect(spans.tree()).toBe('add mail\nprocess mail link=add mail\nprocess mail link=add mail');
    });

    it.each([true, false])('Q6 baggage travels, unless it must not (%s)', async (baggage) => {
      let seen: string | undefined;
      work(() => {
        seen = propagation.getActiveBaggage()?.getEntry('tenant')?.value;
        return Promise.resolve();
      });
      await inRequest(() => makeQueue({ baggage }).add('welcome', {}));
      await processed(1);
      expect(seen).toBe(baggage ? 'blue' : undefined);
    });

    it('Q8 the wait in the queue is recorded', async () => {
      await makeQueue().add('welcome', {});
      await sleep(150);
      work(sendsMail);
      await processed(1);
      const wait = spans.one('process mail').attributes['async.task.queue_wait_ms'];
      expect(wait).toBeGreaterThan(140);
      expect(String(wait)).toMatch(/^\d+(\.\d{1,3})?$/);
    });

    it('Q10 makes no span while it is idle, closes, pauses or drains', async () => {
      const worker = work(sendsMail, { stalledInterval: 50, drainDelay: 1, lockDuration: 100 });
      const queue = makeQueue();
      await sleep(1200);
      await worker.pause();
      await worker.resume();
      await queue.drain();
      await Promise.all(closing.splice(0).map((close) => close()));
      expect([spans.finished, spans.open]).toEqual([[], []]);
    });

    it('Q10 a long job renews its lock without a span', async () => {
      work(() => sleep(1000), { lockDuration: 400, stalledInterval: 10_000 });
      await makeQueue().add('welcome', {});
      await processed(1);
      expect(spans.tree()).toBe('add mail\nprocess mail link=add mail');
    });

    it('Q12 a worker made inside a span does not join it', async () => {
      await inRequest(async () => void work(sendsMail, { stalledInterval: 50 }));
      const carriesNothing = { telemetry: { omitContext: true } };
      const outside = <T>(fn: () => Promise<T>) => context.with(ROOT_CONTEXT, fn);
      await outside(() => makeQueue().add('welcome', {}, carriesNothing));
      await outside(() => makeQueue().add('welcome', {}));
      await processed(2);
      const { traceId } = spans.one('request').spanContext();
      const joined = spans.finished.filter((span) => span.spanContext().traceId === traceId);
      expect(joined.map((span) => span.name)).toEqual(['request']);
      for (const attempt of spans.named('process mail')) {
        expect(attempt.parentSpanContext).toBeUndefined();
      }
    });

    it('a job that a processor adds is linked to that processor', async () => {
      const next = makeQueue({}, 'next');
      work(async () => void (await next.add('second', {})));
      await makeQueue().add('first', {});
      await processed(1);
      expect(spans.tree()).toBe('add mail\nprocess mail link=add mail\n  add next');
    });

    it('bulks and flows have their spans, too', async () => {
      const queue = makeQueue();
      await queue.addBulk([
        { name: 'a', data: {} },
        { name: 'b', data: {} },
      ]);
      const flow = new FlowProducer(options());
      closing.push(() => flow.close());
      await flow.add({
        name: 'top',
        queueName: 'mail',
        children: [{ name: 'leaf', queueName: 'mail' }],
      });
      expect(spans.finished.map((span) => span.name).sort()).toEqual([
        'addBulk mail',
        'addNode mail',
        'addNode mail',
      ]);
      expect(spans.one('addBulk mail').attributes['messaging.batch.message_count']).toBe(2);
    });

    it('metadata that cannot be read harms no job', async () => {
      const bare = new Queue('mail', {
        connection: { url: place.connection },
        prefix: place.prefix,
      });
      closing.push(() => bare.close());
      work(sendsMail);
      await bare.add('welcome', {}, { telemetry: { metadata: 'no JSON' } });
      await bare.add('welcome', {}, { telemetry: { metadata: '{"traceparent":"00-zz-1-01"}' } });
      await processed(2);
      for (const attempt of spans.named('process mail')) expect(attempt.links).toEqual([]);
    });

    it('a wrapped processor gets its signal as it would without', () => {
      const three = (_job: Job, _token?: string, _signal?: AbortSignal): Promise<void> =>
        Promise.resolve();
      const none = (): Promise<void> => Promise.resolve();
      expect([tracedProcessor(three).length, tracedProcessor(none).length]).toEqual([3, 0]);
      expect(tracedProcessor(three).name).toBe('three');
    });
  },
);
