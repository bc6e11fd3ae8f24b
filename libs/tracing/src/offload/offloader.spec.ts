import { DiagLogLevel, diag } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import type { SpanRecorder } from '../testing/index.js';
import type { OffloadBackend, OffloadCall, OffloadReply } from './backend.interface.js';
import { defineTask } from './define-task.js';
import { resolveOffload } from './offload-settings.js';
import { Offloader } from './offloader.js';
import type { EncodedSpan } from './span-codec.js';
import { takeIn } from './span-intake.js';

const task = defineTask(import.meta.url, 'work', (input: number) => input);

let spans: SpanRecorder | undefined;
afterEach(() => spans?.stop());

function backend(answer: (call: OffloadCall) => Partial<OffloadReply>): OffloadBackend {
  return {
    concurrency: Infinity,
    run: (call) => Promise.resolve({ queueWaitMillis: 1, thread: 1, ...answer(call) }),
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
      'async.offload.queue_wait_ms': 1,
      'async.offload.thread': 1,
    });
  });

  it('works without an SDK, with no span and no headers', async () => {
    const offloader = new Offloader(
      resolveOffload(),
      backend((call) => ({ value: [call.recording, call.headers] })),
    );
    expect(await offloader.run(task, 1)).toEqual([false, {}]);
    expect(offloader.stats()).toMatchObject({ submitted: 1, ok: 1 });
  });
});

describe('taking spans in', () => {
  it('says that an SDK of another kind loses them', () => {
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    const silent = () => undefined;
    diag.setLogger(
      { warn, error: silent, info: silent, debug: silent, verbose: silent },
      DiagLogLevel.WARN,
    );
    takeIn([[] as unknown as EncodedSpan], { span: {} } as never);
    diag.disable();
    expect(warnings).toEqual(['nestjs-tracing: 1 spans of a worker are lost: the SDK is unknown']);
  });
});
