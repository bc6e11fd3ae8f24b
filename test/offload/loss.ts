import { SpanStatusCode } from '@opentelemetry/api';
import { afterEach, expect, it } from 'vitest';
import { exposedCollector } from '../support/exposed-collector.js';
import { OffloadCrashError } from './built.js';
import * as work from './fixtures/work.task.mjs';
import type { Offloading } from './offloading.js';
import { startOffloading } from './offloading.js';

const CRASH_EVERY = 500;
const AT_ONCE = 50;

let app: Offloading;

const collectGarbage = exposedCollector();

/** The same failures in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const next = random(7);

type Outcome = 'ok' | 'error' | 'cancelled' | 'crashed';

async function submit(index: number): Promise<Outcome> {
  const chance = next();
  if (index % CRASH_EVERY === CRASH_EVERY - 1) return call('crash');
  if (chance < 0.2) return call('error');
  if (chance < 0.25) return call('abort', AbortSignal.timeout(Math.floor(next() * 8)));
  return call('ok');
}

async function call(how: string, signal?: AbortSignal): Promise<Outcome> {
  try {
    await app.tracing.offload(work.mixed, { how }, signal === undefined ? {} : { signal });
    return 'ok';
  } catch (error) {
    if (signal?.aborted === true && error === signal.reason) return 'cancelled';
    if (error instanceof OffloadCrashError) return 'crashed';
    if (error instanceof RangeError && error.message === 'mixed') return 'error';
    throw error;
  }
}

async function memory(): Promise<number> {
  app.spans.reset();
  await new Promise((resolve) => setTimeout(resolve, 50));
  collectGarbage();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Offloads so many tasks, some of which fail, are called off or crash, and counts what becomes of them. */
export function itLosesNothing(tasks: number): void {
  afterEach(() => app?.close());

  it(`loses nothing over ${tasks} tasks with failures, aborts and crashes`, async () => {
    app = await startOffloading({ maxThreads: 2, graceMillis: 2_000 });
    await Promise.all(Array.from({ length: 200 }, (_, index) => submit(index)));
    const before = await memory();
    const counts: Record<Outcome, number> = { ok: 0, error: 0, cancelled: 0, crashed: 0 };
    const tally = { spans: 0, failed: 0 };
    let index = 0;
    const caller = async (): Promise<void> => {
      while (index < tasks) counts[await submit(index++)] += 1;
    };
    await Promise.all(Array.from({ length: AT_ONCE }, caller));
    for (const span of app.spans.named('offload mixed')) {
      tally.spans += 1;
      if (span.status.code === SpanStatusCode.ERROR) tally.failed += 1;
    }
    app.spans.assertNoOpenSpans();
    const { ok, error, cancelled, crashed } = counts;
    expect(ok + error + cancelled + crashed).toBe(tasks);
    expect(Math.min(ok, error, cancelled)).toBeGreaterThan(tasks / 50);
    expect(tally).toEqual({ spans: tasks, failed: tasks - ok });
    expect(crashed).toBe(tasks / CRASH_EVERY);
    const stats = app.tracing.stats().offload;
    expect(stats.submitted).toBe(tasks + 200);
    expect(stats.ok + stats.error + stats.cancelled + stats.crashed).toBe(stats.submitted);
    expect([stats.queued, stats.running, stats.refused]).toEqual([0, 0, 0]);
    expect((await memory()) - before).toBeLessThan(5);
  }, 120_000);
}
