import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, it } from 'vitest';
import { recordSpans } from '../../testing/index.js';
import type { SpanRecorder } from '../../testing/index.js';
import type { OffloadBackend, OffloadCall, OffloadReply } from '../backend.interface.js';
import { defineTask } from '../task/define-task.js';
import { resolveOffload } from './offload-settings.js';
import { Offloader } from './offloader.js';
import { SpanIntake } from '../returning-spans/span-intake.js';

const intake = new SpanIntake(() => undefined);
const task = defineTask(import.meta.url, 'work', (input: number) => input);

let spans: SpanRecorder | undefined;
afterEach(() => spans?.stop());

function backend(answer: (call: OffloadCall) => Partial<OffloadReply>): OffloadBackend {
  return {
    concurrency: Infinity,
    run: (call) => Promise.resolve({ queueWaitMillis: 7.536865234375, thread: 1, ...answer(call) }),
    close: () => Promise.resolve(),
  };
}

describe('a backend of your own', () => {
  it('gets the trace as W3C headers and hands spans home', async () => {
    spans = recordSpans();
    const calls: OffloadCall[] = [];
    const offloader = new Offloader(
      resolveOffload(),
      backend((call) => (calls.push(call), { value: 7 })),
      intake,
    );
    expect(await offloader.run(task, 1, { attributes: { size: 3 } })).toBe(7);
    const { traceId, spanId } = spans.one('offload work').spanContext();
    expect(calls[0]).toMatchObject({
      headers: { traceparent: `00-${traceId}-${spanId}-01` },
      recording: true,
      input: 1,
    });
    expect(spans.one('offload work').attributes).toEqual({
      size: 3,
      'async.offload.task': 'work',
      'async.offload.queue_wait_ms': 7.537,
      'async.offload.thread': 1,
    });
  });

  it('is called in the context of each caller, also for a call that had to wait', async () => {
    const store = new AsyncLocalStorage<number>();
    const seen: unknown[] = [];
    const slow: OffloadBackend = {
      concurrency: 1,
      run: async ({ input }) => {
        seen.push([input, store.getStore()]);
        await new Promise(setImmediate);
        return { queueWaitMillis: 0, thread: 1 };
      },
      close: () => Promise.resolve(),
    };
    const offloader = new Offloader(resolveOffload(), slow, intake);
    await Promise.all(
      [1, 2, 3].map((caller) => store.run(caller, () => offloader.run(task, caller))),
    );
    expect(seen).toEqual([1, 2, 3].map((caller) => [caller, caller]));
  });

  it('works without an SDK, with no span and no headers', async () => {
    const offloader = new Offloader(
      resolveOffload(),
      backend((call) => ({ value: [call.recording, call.headers] })),
      intake,
    );
    expect(await offloader.run(task, 1)).toEqual([false, {}]);
    expect(offloader.stats()).toMatchObject({ submitted: 1, ok: 1 });
  });
});
