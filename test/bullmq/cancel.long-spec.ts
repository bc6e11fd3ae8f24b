import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Offloading } from '../offload/offloading.js';
import { rejection } from '../offload/offloading.js';
import { describeWithService, findRedis } from '../support/services.js';
import * as jobs from './fixtures/jobs.task.mjs';
import { OffloadTimeoutError } from './support/built.js';
import { keysOf } from './support/redis.js';
import { Stage, until, untilThere } from './support/stage.js';

let stage: Stage;
let app: Offloading;

const outcomeOf = (name: string) => app.spans.one(name).attributes['async.task.outcome'];

/** What the queue has, by state. */
async function counts(): Promise<Record<string, number>> {
  const { connection, prefix } = stage.place;
  const queue = new Queue('offload', { connection: { url: connection }, prefix });
  const found = await queue.getJobCounts();
  await queue.close();
  return found;
}

describeWithService(await findRedis(), 'calling off a task that another process runs', () => {
  beforeAll(async () => {
    stage = new Stage();
    await stage.host({ concurrency: 1, graceMillis: 1000 });
    app = await stage.caller({ backoffMillis: 60_000 });
  });
  afterEach(() => app.spans.reset());
  afterAll(() => stage.close());

  it('Q9 a running one is told in its process, its thread survives and its spans come home', async () => {
    const file = await stage.file('running');
    const controller = new AbortController();
    const { signal } = controller;
    const call = app.tracing.offload(jobs.busyUntilAborted, file, {
      signal,
      graceMillis: 20_000,
      attempts: 3,
    });
    const failed = rejection(call);
    await untilThere(file);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await failed).toBe(reason);
    await app.tracing.offload(jobs.echo, 1);
    expect(app.spans.tree({ attributes: ['async.task.outcome'] })).toBe(
      [
        'offload busyUntilAborted async.task.outcome=cancelled status=ERROR',
        '  process offload async.task.outcome=cancelled status=ERROR',
        '    task busyUntilAborted async.task.outcome=cancelled status=ERROR',
        '      before the abort',
        'offload echo',
        '  process offload',
        '    task echo',
      ].join('\n'),
    );
    const [first, second] = app.spans.finished
      .filter(({ name }) => name.startsWith('task '))
      .map((span) => span.attributes['async.offload.thread']);
    expect(second).toBe(first);
    expect(await counts()).toMatchObject({ waiting: 0, delayed: 0 });
  });

  it('Q9 one that does not listen is ended by its host after the grace', async () => {
    const file = await stage.file('running');
    const controller = new AbortController();
    const { signal } = controller;
    const call = rejection(app.tracing.offload(jobs.deaf, file, { signal, graceMillis: 5000 }));
    await untilThere(file);
    controller.abort('enough');
    expect(await call).toBe('enough');
    expect(outcomeOf('process offload')).toBe('cancelled');
    expect(await app.tracing.offload(jobs.echo, 1)).toBe(1);
  });

  it('Q9 between two attempts no further one is made, and the first keeps its span', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const call = rejection(app.tracing.offload(jobs.failing, 'custom', { signal, attempts: 3 }));
    await until(async () => (await counts())['delayed'] === 1);
    controller.abort('enough');
    expect(await call).toBe('enough');
    expect(app.spans.tree({ attributes: ['async.task.outcome'] })).toBe(
      [
        'offload failing async.task.outcome=cancelled status=ERROR',
        '  process offload status=ERROR',
        '    task failing status=ERROR',
      ].join('\n'),
    );
  });

  it('a call that takes too long is called off by its time-out, with what to know of it', async () => {
    const call = app.tracing.offload(jobs.wait, { millis: 60_000 }, { timeoutMillis: 300 });
    const error = await rejection(call);
    expect(error).toBeInstanceOf(OffloadTimeoutError);
    expect(String(error)).toContain('"wait" was called off: it did not end within 300 ms');
    expect(app.tracing.stats().offload).toMatchObject({ running: 0 });
  });

  it('nothing is kept in Redis of a task whose caller has its result, but the job for a while', async () => {
    const { signal } = new AbortController();
    await app.tracing.offload(jobs.echo, 1, { signal });
    await rejection(app.tracing.offload(jobs.failing, 'text', { signal }));
    const left = async () =>
      (await keysOf(stage.place)).filter((key) => /:(attempt|cancelled)/.test(key));
    await until(async () => (await left()).length === 0);
  });
});

describeWithService(
  await findRedis(),
  "calling off a task that waits, or has its host's thread",
  () => {
    beforeEach(() => void (stage = new Stage()));
    afterEach(() => stage.close());

    it('Q9 a waiting job is removed and never runs', async () => {
      app = await stage.caller();
      const controller = new AbortController();
      const { signal } = controller;
      const call = rejection(app.tracing.offload(jobs.echo, 1, { signal }));
      await until(async () => (await counts())['waiting'] === 1);
      const reason = new Error('not needed any more');
      controller.abort(reason);
      expect(await call).toBe(reason);
      expect(await counts()).toMatchObject({ waiting: 0, active: 0, failed: 0, completed: 0 });
      expect(outcomeOf('offload echo')).toBe('not_started');
    });

    it('Q9 one that runs on the thread of its host is told by an event', async () => {
      app = await stage.caller();
      await stage.host({ runOn: 'process' });
      const file = await stage.file('running');
      const controller = new AbortController();
      const { signal } = controller;
      const call = rejection(
        app.tracing.offload(jobs.wait, { millis: 60_000, file }, { signal, graceMillis: 20_000 }),
      );
      await untilThere(file);
      controller.abort('enough');
      expect(await call).toBe('enough');
      expect(outcomeOf('task wait')).toBe('cancelled');
    });

    it('an application that stops takes its waiting tasks along', async () => {
      app = await stage.caller({}, { shutdownTimeoutMillis: 300 });
      const call = rejection(app.tracing.offload(jobs.echo, 1));
      await until(async () => (await counts())['waiting'] === 1);
      await app.close();
      expect(await call).toMatchObject({ name: 'OffloadClosedError' });
      expect(await counts()).toMatchObject({ waiting: 0, active: 0 });
    });
  },
);
