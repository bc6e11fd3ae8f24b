import { readFile } from 'node:fs/promises';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { OffloadDataError } from '../offload/built.js';
import type { Offloading } from '../offload/offloading.js';
import { inRequest, rejection } from '../offload/offloading.js';
import type { CollectedSpan } from '../support/otlp-collector.js';
import { OtlpCollector } from '../support/otlp-collector.js';
import { describeWithService, findRedis } from '../support/services.js';
import * as jobs from './fixtures/jobs.task.mjs';
import type { HostProcess } from './support/host-process.js';
import { keysOf } from './support/redis.js';
import { Stage, until, untilThere } from './support/stage.js';

/** Hosts that send what they have at once. */
const BATCH = { scheduleDelayMillis: 50 };

describeWithService(await findRedis(), 'tasks that nobody waits for', () => {
  let stage: Stage;
  let app: Offloading;
  let collector: OtlpCollector;
  let host: HostProcess;
  beforeAll(async () => {
    stage = new Stage();
    collector = await OtlpCollector.start();
    host = await stage.host({ endpoint: collector.url, batch: BATCH }, 'nest-host');
    app = await stage.caller({ backoffMillis: 1 });
  });
  afterEach(() => {
    app.spans.reset();
    collector.reset();
  });
  afterAll(async () => {
    await stage.close();
    await collector.close();
  });

  const attempts = () => collector.named('process offload');
  const linkOf = ({ links }: CollectedSpan) => links?.map(({ spanId }) => spanId);

  it('Q3 Q6 run in a trace of their own, linked to the span that added them, with the baggage', async () => {
    const file = await stage.file('seen');
    const { id, queue } = await inRequest(() =>
      app.tracing.enqueue(jobs.context, file, { attributes: { size: 3 } }),
    );
    expect(queue).toBe('offload');
    const added = app.spans.one('add offload');
    expect(app.spans.tree()).toBe('request\n  add offload');
    expect(added.kind).toBe(3); // PRODUCER
    expect(added.attributes).toEqual({
      size: 3,
      'messaging.system': 'bullmq',
      'messaging.destination.name': 'offload',
      'messaging.operation.name': 'add',
      'messaging.operation.type': 'send',
      'messaging.message.id': id,
      'async.offload.task': 'context',
    });
    await until(() => attempts().length === 1);
    const [attempt] = attempts() as [CollectedSpan];
    expect(attempt.kind).toBe('SPAN_KIND_CONSUMER');
    expect(attempt.parentSpanId).toBeUndefined();
    expect(attempt.traceId).not.toBe(added.spanContext().traceId);
    expect(linkOf(attempt)).toEqual([added.spanContext().spanId]);
    expect(attempt.attributes['messaging.message.id']).toBe(id);
    expect(collector.childrenOf(attempt).map((span) => span.name)).toEqual(['task context']);
    expect(collector.resources.at(-1)).toMatchObject({ 'service.name': 'workers' });
    const seen: unknown = JSON.parse(await readFile(file, 'utf8'));
    expect(seen).toEqual({ tenant: 'blue', traceId: attempt.traceId, pid: host.pid });
  });

  it('Q4 Q5 each attempt is a trace of its own, linked; a failed one is an error', async () => {
    const file = await stage.file('tries');
    await app.tracing.enqueue(jobs.flaky, { file, until: 3 }, { attempts: 3 });
    await until(() => attempts().length === 3);
    const { spanId } = app.spans.one('add offload').spanContext();
    expect(attempts().map(linkOf)).toEqual([[spanId], [spanId], [spanId]]);
    expect(new Set(attempts().map((span) => span.traceId)).size).toBe(3);
    const failed = attempts().map((span) => span.status?.code === 'STATUS_CODE_ERROR');
    expect(failed).toEqual([true, true, false]);
    const left = async () => (await keysOf(stage.place)).filter((key) => key.includes(':attempt'));
    await until(async () => (await left()).length === 0);
  });

  it('waits for its delay, and is not queued twice under an id of its own', async () => {
    const file = await stage.file('once');
    const input = { file, until: 1 };
    const options = { delayMillis: 200, id: 'once' };
    const start = performance.now();
    const added = await Promise.all([
      app.tracing.enqueue(jobs.flaky, input, options),
      app.tracing.enqueue(jobs.flaky, input, options),
    ]);
    expect(added.map(({ id }) => id)).toEqual(['once', 'once']);
    await untilThere(file);
    expect(performance.now() - start).toBeGreaterThan(190);
    await until(() => attempts().length === 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await readFile(file, 'utf8')).toBe('.');
  });

  it('Q11 an input that is no JSON does not compile, and is refused with its path', async () => {
    const dated = jobs.echo as unknown as import('nestjs-tracing/offload').WorkerTask<
      { at: Date },
      void
    >;
    // @ts-expect-error -- a Date is no JSON
    const call = app.tracing.enqueue(dated, { at: new Date(0) });
    const error = await rejection(call);
    expect(error).toBeInstanceOf(OffloadDataError);
    expect(String(error)).toContain('input.at is an instance of class Date');
    expect(app.spans.one('add offload').attributes['error.type']).toBe('OffloadDataError');
  });

  it('a task that is sampled out is not recorded anywhere, and runs', async () => {
    await app.close();
    app = await stage.caller({}, {}, { sampler: new AlwaysOffSampler() });
    const file = await stage.file('sampled out');
    await inRequest(() => app.tracing.enqueue(jobs.wait, { millis: 0, file }));
    await untilThere(file);
    expect(await inRequest(() => app.tracing.offload(jobs.echo, 1))).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(collector.spans).toEqual([]);
  });
});
