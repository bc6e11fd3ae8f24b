import type { Sampler, SpanLimits } from '@opentelemetry/sdk-trace';
import { AlwaysOnSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace';
import { hasRegisteredProvider } from '../span/registered-provider.js';
import { installRuntime, runtime } from '../span/runtime.js';
import { reviveEarlyTracers } from '../sdk/early-tracers.js';
import { releaseGlobals } from '../span/release-globals.js';
import { followsLocalParent } from '../sdk/sampler.js';
import { TracingSdk } from '../sdk/tracing-sdk.js';
import { RecordingProcessor } from './recording-processor.js';
import { SpanRecorder } from './span-recorder.js';

/**
 * How `recordSpans()` records.
 *
 * @example
 * ```ts
 * const spans = recordSpans({ sampler: new TraceIdRatioBasedSampler(0.5) });
 * ```
 */
export interface RecordSpansOptions {
  /** Default: parent-based, always on. */
  readonly sampler?: Sampler;
  /** Default: OpenTelemetry's. */
  readonly spanLimits?: SpanLimits;
}

/**
 * Records every span of the process in memory until `stop()`, with a context manager and the W3C
 * propagators. A `TracingModule` that starts meanwhile uses this SDK and exports nothing.
 *
 * @throws Error if an SDK is registered already: then nothing could be recorded
 *
 * @example
 * ```ts
 * const spans = recordSpans();
 * afterEach(() => spans.reset());
 * afterAll(() => spans.stop());
 *
 * it('traces the lookup', async () => {
 *   await service.lookup('a');
 *   expect(spans.tree()).toBe('LookupService.lookup\n  LookupService.query');
 *   spans.assertNoOpenSpans();
 * });
 * ```
 */
export function recordSpans(options: RecordSpansOptions = {}): SpanRecorder {
  if (hasRegisteredProvider()) {
    throw new Error(
      'recordSpans() cannot record: an OpenTelemetry SDK is registered already. ' +
        'Stop the other recorder, or close the application that started it, first.',
    );
  }
  const processor = new RecordingProcessor();
  const sampler = options.sampler ?? new ParentBasedSampler({ root: new AlwaysOnSampler() });
  const sdk = startSdk(processor, sampler, options.spanLimits);
  const uninstall = installRuntime({
    ...runtime(),
    followsLocalParent: followsLocalParent(sampler),
  });
  let stopped: Promise<void> | undefined;
  return new SpanRecorder(processor, () => {
    stopped ??= release(sdk, uninstall);
    return stopped;
  });
}

function startSdk(
  processor: RecordingProcessor,
  sampler: Sampler,
  spanLimits: SpanLimits | undefined,
): TracingSdk {
  const sdk = new TracingSdk({
    autoDetectResources: false,
    metricReaders: [],
    logRecordProcessors: [],
    spanProcessors: [processor],
    sampler,
    ...(spanLimits === undefined ? {} : { spanLimits }),
  });
  reviveEarlyTracers();
  sdk.start();
  return sdk;
}

async function release(sdk: TracingSdk, uninstall: () => void): Promise<void> {
  uninstall();
  releaseGlobals();
  await sdk.shutdown();
}
