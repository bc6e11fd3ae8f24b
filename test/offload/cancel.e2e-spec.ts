import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import * as work from './fixtures/work.task.mjs';
import type { Offloading } from './offloading.js';
import { rejection, startOffloading } from './offloading.js';

let app: Offloading;
afterEach(() => app?.close());

const threadOf = (name: string) => app.spans.one(name).attributes['async.offload.thread'];
const outcomeOf = (name: string) => app.spans.one(name).attributes['async.task.outcome'];

/** A flag that a task raises when it runs. */
function sharedFlag(): { flag: Int32Array; raised(): Promise<void> } {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const raised = async (): Promise<void> => {
    while (Atomics.load(flag, 0) === 0) await sleep(1);
  };
  return { flag, raised };
}

describe('calling an offloaded task off', () => {
  it('W5 before the call: it never runs, and no worker starts', async () => {
    app = await startOffloading();
    const reason = new Error('too late');
    const signal = AbortSignal.abort(reason);
    expect(await rejection(app.tracing.offload(work.deaf, undefined, { signal }))).toBe(reason);
    expect(app.spans.tree({ attributes: ['async.task.outcome'] })).toBe(
      'offload deaf async.task.outcome=not_started status=ERROR',
    );
  });

  it('W5 while it waits: it never runs, the others keep their order', async () => {
    app = await startOffloading();
    const controller = new AbortController();
    const first = app.tracing.offload(work.busy, 100);
    const calls = [1, 2, 3, 4, 5].map((value) =>
      app.tracing.offload(work.echo, value, value % 2 === 0 ? { signal: controller.signal } : {}),
    );
    controller.abort('enough');
    const settled = await Promise.allSettled(calls);
    await first;
    expect(settled.map((each) => (each.status === 'fulfilled' ? each.value : each.reason))).toEqual(
      [1, 'enough', 3, 'enough', 5],
    );
    expect(app.spans.named('task echo')).toHaveLength(3);
    expect(app.tracing.stats().offload).toMatchObject({
      ok: 4,
      cancelled: 2,
      queued: 0,
      running: 0,
    });
  });

  it('W5 while its worker starts: it never runs', async () => {
    app = await startOffloading({ graceMillis: 10_000 });
    const controller = new AbortController();
    const { flag } = sharedFlag();
    const call = app.tracing.offload(work.raise, flag, { signal: controller.signal });
    await sleep(1);
    controller.abort('enough');
    expect(await rejection(call)).toBe('enough');
    await app.tracing.offload(work.echo, 1);
    expect(Atomics.load(flag, 0)).toBe(0);
    expect(outcomeOf('offload raise')).toBe('not_started');
    expect(app.spans.named('task raise')).toEqual([]);
    expect(app.tracing.stats().offload).toMatchObject({ ok: 1, cancelled: 1 });
  });

  it('W6 while it is busy: it sees the signal, its worker survives and its spans arrive', async () => {
    app = await startOffloading({ graceMillis: 10_000 });
    const controller = new AbortController();
    const reason = new Error('not needed any more');
    const { flag, raised } = sharedFlag();
    const { signal } = controller;
    const call = app.tracing.offload(work.busyUntilAborted, flag, { signal });
    await raised();
    controller.abort(reason);
    expect(await rejection(call)).toBe(reason);
    await app.tracing.offload(work.echo, 1);
    expect(app.spans.tree()).toBe(
      [
        'offload busyUntilAborted status=ERROR',
        '  task busyUntilAborted status=ERROR',
        '    before the abort',
        'offload echo',
        '  task echo',
      ].join('\n'),
    );
    expect(outcomeOf('offload busyUntilAborted')).toBe('cancelled');
    expect(outcomeOf('task busyUntilAborted')).toBe('cancelled');
    expect(threadOf('offload echo')).toBe(threadOf('offload busyUntilAborted'));
  });

  it('W6 while it waits for something: its signal fires', async () => {
    app = await startOffloading({ graceMillis: 10_000 });
    const signal = AbortSignal.timeout(300);
    const call = app.tracing.offload(work.sleepUntilAborted, undefined, { signal });
    expect(await rejection(call)).toBe(signal.reason);
    await app.tracing.offload(work.echo, 1);
    expect(threadOf('offload echo')).toBe(threadOf('offload sleepUntilAborted'));
  });

  it('W7 a task that does not listen is ended after the grace, and the pool refills', async () => {
    app = await startOffloading();
    await app.tracing.offload(work.nothing, undefined);
    const signal = AbortSignal.timeout(20);
    const start = performance.now();
    const calls = [
      app.tracing.offload(work.deaf, undefined, { signal, graceMillis: 50 }),
      app.tracing.offload(work.echo, 1),
      app.tracing.offload(work.echo, 2),
    ] as const;
    expect(await rejection(calls[0])).toBe(signal.reason);
    expect(performance.now() - start).toBeGreaterThan(65);
    expect(outcomeOf('offload deaf')).toBe('cancelled');
    expect(await Promise.all(calls.slice(1))).toEqual([1, 2]);
    expect(app.tracing.stats().offload).toMatchObject({ ok: 3, cancelled: 1, crashed: 0 });
  });

  it('W19 a group that fails calls its offloaded children off, and waits for them', async () => {
    app = await startOffloading({ maxThreads: 2 });
    const failure = new Error('the sibling failed');
    const fanOut = app.tracing.group('fan out', async (group) => {
      for (let child = 0; child < 5; child++) {
        void group.spawn('busy', () => app.tracing.offload(work.busyUntilAborted, undefined));
      }
      void group.spawn('failing', async () => {
        await sleep(200);
        throw failure;
      });
    });
    expect(await rejection(fanOut)).toBe(failure);
    expect(app.tracing.stats().offload).toMatchObject({ cancelled: 5, running: 0, queued: 0 });
    const outcomes = app.spans.named('busy').map((span) => span.attributes['async.task.outcome']);
    expect(outcomes).toEqual(Array(5).fill('cancelled'));
    app.spans.assertNoOpenSpans();
  });

  it('leaves no listener on a signal that lives on', async () => {
    app = await startOffloading();
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (
      listeners--,
      remove(...args)
    );
    const calls = Array.from({ length: 20 }, () => app.tracing.offload(work.echo, 1, { signal }));
    await Promise.all(calls);
    expect(listeners).toBe(0);
  });
});
