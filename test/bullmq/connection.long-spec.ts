import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import type { Offloading } from '../offload/offloading.js';
import { rejection } from '../offload/offloading.js';
import { describeWithService } from '../support/services.js';
import * as jobs from './fixtures/jobs.task.mjs';
import { OffloadConnectionError } from './support/built.js';
import { RedisProcess, redisProgram } from './support/redis-process.js';
import { Stage, until, untilThere } from './support/stage.js';

const redis = await RedisProcess.start();

describeWithService(redisProgram(redis), 'a Redis that goes away', () => {
  let stage: Stage;
  let app: Offloading;
  const connection = redis?.url ?? '';

  beforeEach(() => void (stage = new Stage()));
  afterEach(async () => {
    await redis!.comeBack();
    await stage.close();
  });
  afterAll(() => redis?.goAway());

  it('rejects waiting calls by their deadline, says why, and recovers by itself', async () => {
    app = await stage.caller({ connection, connectionTimeoutMillis: 500 });
    await stage.host({ connection, runOn: 'process' });
    const file = await stage.file('running');
    const running = rejection(app.tracing.offload(jobs.wait, { millis: 60_000, file }));
    await untilThere(file);
    await redis!.goAway();
    const start = performance.now();
    const waiting = rejection(app.tracing.offload(jobs.echo, 1));
    for (const error of await Promise.all([running, waiting])) {
      expect(error).toBeInstanceOf(OffloadConnectionError);
      expect(String(error)).toMatch(
        /Task "(wait|echo)" was given up: there is no connection to Redis at 127\.0\.0\.1:\d+ \(.+\)\. Calls work again/,
      );
    }
    expect(performance.now() - start).toBeGreaterThan(450);
    expect(performance.now() - start).toBeLessThan(5000);
    await redis!.comeBack();
    const answered = async (): Promise<boolean> =>
      (await app.tracing.offload(jobs.echo, 7).catch(() => undefined)) === 7;
    await until(answered, 15_000);
    app.spans.assertNoOpenSpans();
  });

  it('rejects at once whose own deadline comes first, with the reason that is nearest', async () => {
    app = await stage.caller({ connection, connectionTimeoutMillis: 60_000 });
    await redis!.goAway();
    const call = app.tracing.offload(jobs.echo, 1, { timeoutMillis: 200 });
    const error = await rejection(call);
    expect(error).toBeInstanceOf(OffloadConnectionError);
    const signal = AbortSignal.timeout(100);
    expect(await rejection(app.tracing.offload(jobs.echo, 1, { signal }))).toBe(signal.reason);
    await app.close();
  });

  it('rejects what nobody waits for as well, and does not run it later', async () => {
    app = await stage.caller({ connection, connectionTimeoutMillis: 200 });
    await redis!.goAway();
    const file = await stage.file('ran');
    const error = await rejection(app.tracing.enqueue(jobs.wait, { millis: 0, file }));
    expect(error).toBeInstanceOf(OffloadConnectionError);
    expect(app.spans.one('add offload').attributes['error.type']).toBe('OffloadConnectionError');
    await redis!.comeBack();
    await stage.host({ connection });
    await until(() => app.tracing.offload(jobs.echo, 1).then(Boolean, () => false), 15_000);
    await expect(untilThere(file, 300)).rejects.toThrow(/longer/);
  });

  it('a call outlives an outage that is shorter than its patience', async () => {
    app = await stage.caller({ connection, connectionTimeoutMillis: 20_000 });
    await redis!.goAway();
    const call = app.tracing.offload(jobs.echo, 'patient');
    await redis!.comeBack();
    await stage.host({ connection });
    expect(await call).toBe('patient');
  });

  it('a Redis that comes back empty has lost its jobs, and their callers hear of it', async () => {
    app = await stage.caller({ connection, connectionTimeoutMillis: 20_000 });
    expect(
      await rejection(app.tracing.offload(jobs.echo, 0, { timeoutMillis: 300 })),
    ).toHaveProperty('name', 'OffloadTimeoutError');
    const call = rejection(app.tracing.offload(jobs.echo, 'lost'));
    await until(() => app.tracing.stats().offload.running === 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await redis!.goAway();
    await redis!.comeBack();
    const error = await call;
    expect(error).toHaveProperty('name', 'OffloadCrashError');
    expect(String(error)).toContain('its job is no longer in the queue');
  });
});
