import { setTimeout as sleep } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SpanStatusCode } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { OtlpCollector } from '../support/otlp-collector.js';
import {
  OffloadClosedError,
  OffloadQueueFullError,
  TracingModule,
  TracingService,
} from './built.js';
import * as work from './fixtures/work.task.mjs';
import type { Offloading } from './offloading.js';
import { rejection, startOffloading } from './offloading.js';

let app: Offloading | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe('the pool', () => {
  it('W11 a full queue refuses at once, and takes calls again when there is room', async () => {
    app = await startOffloading({ maxQueue: 3 });
    const { tracing, spans } = app;
    const calls = Array.from({ length: 20 }, () => tracing.offload(work.busy, 5));
    const errors = (await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected');
    expect(errors.length).toBeGreaterThanOrEqual(15);
    for (const { reason } of errors as PromiseRejectedResult[]) {
      expect(reason).toBeInstanceOf(OffloadQueueFullError);
      expect(reason).toMatchObject({ task: 'busy', maxQueue: 3 });
    }
    expect(await tracing.offload(work.echo, 1)).toBe(1);
    const { submitted, ok, refused } = tracing.stats().offload;
    expect([submitted, ok, refused]).toEqual([
      21 - errors.length,
      21 - errors.length,
      errors.length,
    ]);
    const failed = spans
      .named('offload busy')
      .filter((span) => span.status.code === SpanStatusCode.ERROR);
    expect(failed).toHaveLength(errors.length);
    expect(failed[0]!.attributes['async.task.outcome']).toBe('not_started');
  });

  it('W12 transferred buffers move, others are copied', async () => {
    app = await startOffloading();
    const moved = new ArrayBuffer(1024);
    const copied = new Uint8Array(512);
    expect(await app.tracing.offload(work.byteLength, moved, { transfer: [moved] })).toBe(1024);
    expect(await app.tracing.offload(work.byteLength, copied)).toBe(512);
    expect([moved.byteLength, copied.byteLength]).toEqual([0, 512]);
    const error = await rejection(app.tracing.offload(work.byteLength, moved));
    expect(error).toMatchObject({ message: expect.stringMatching(/^input is a detached buffer/) });
  });

  it('W13 shutdown lets running tasks finish, rejects waiting ones, then flushes', async () => {
    const collector = await OtlpCollector.start();
    @Module({
      imports: [TracingModule.forRoot({ endpoint: collector.url, offload: { maxThreads: 1 } })],
    })
    class App {}
    const context = await NestFactory.createApplicationContext(App, { logger: false });
    const tracing = context.get(TracingService);
    await tracing.offload(work.nothing, undefined);
    const running = tracing.offload(work.busy, 200);
    const waiting = Array.from({ length: 5 }, () => rejection(tracing.offload(work.busy, 10)));
    await sleep(20);
    const closed = context.close();
    expect(await running).toBe(200);
    const errors = (await Promise.all(waiting)) as Error[];
    for (const error of errors) expect(error).toBeInstanceOf(OffloadClosedError);
    await closed;
    expect(await rejection(tracing.offload(work.echo, 1))).toBeInstanceOf(OffloadClosedError);
    expect(collector.named('task busy')).toHaveLength(1);
    expect(collector.named('offload busy')).toHaveLength(6);
    await collector.close();
  });

  it('W13 a task that outlives the deadline is ended, and the flush still has its time', async () => {
    const collector = await OtlpCollector.start();
    const options = { endpoint: collector.url, shutdownTimeoutMillis: 1500 };
    @Module({ imports: [TracingModule.forRoot({ ...options, offload: { maxThreads: 1 } })] })
    class App {}
    const context = await NestFactory.createApplicationContext(App, { logger: false });
    const tracing = context.get(TracingService);
    await tracing.offload(work.nothing, undefined);
    await tracing.flush(); // worker and export thread run: their start is no part of the stop
    const error = rejection(tracing.offload(work.deaf, undefined));
    await sleep(200);
    const start = performance.now();
    await context.close();
    expect(performance.now() - start).toBeLessThan(4000);
    expect(await error).toBeInstanceOf(OffloadClosedError);
    expect(collector.named('offload deaf')).toHaveLength(1);
    expect(collector.named('task deaf')).toEqual([]);
    await collector.close();
  });

  it('keeps its books: nothing is lost between submitted and settled', async () => {
    app = await startOffloading({ maxThreads: 2 });
    const { tracing } = app;
    const calls = Array.from({ length: 10 }, () => tracing.offload(work.busy, 2));
    await Promise.resolve();
    const { submitted, queued, running } = tracing.stats().offload;
    expect([submitted, queued + running]).toEqual([10, 10]);
    await Promise.all(calls);
    expect(tracing.stats().offload).toEqual({
      submitted: 10,
      refused: 0,
      queued: 0,
      running: 0,
      ok: 10,
      error: 0,
      cancelled: 0,
      crashed: 0,
    });
  });
});
