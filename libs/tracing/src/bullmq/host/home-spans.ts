import { TraceFlags, createContextKey, trace } from '@opentelemetry/api';
import type { Context, TracerProvider } from '@opentelemetry/api';
import type {
  ReadableSpan,
  Sampler,
  SamplingResult,
  Span,
  SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { SpanCollector, registerCollecting } from '../../offload/worker/worker-tracing.js';
import { hasRegisteredProvider, registeredProvider } from '../../runtime.js';

const HOME = createContextKey('nestjs-tracing home of spans');

/** A context whose spans are collected for the caller of one attempt. */
export function bringHome(scope: Context, collector: SpanCollector): Context {
  return scope.setValue(HOME, collector);
}

/** A registration, and how many hosts of this process share it. */
interface Home {
  holders: number;
  readonly release: () => void;
}

const homes = new WeakMap<TracerProvider, Home>();

/**
 * Brings spans home to the callers if this process has no SDK: then tracing is registered, once for
 * all its hosts. The answer ends that for one of them; it is undefined if there is an SDK.
 */
export function joinHome(): (() => void) | undefined {
  if (!hasRegisteredProvider()) {
    const release = registerCollecting(new CallerSamples(), new HomeProcessor(), {});
    homes.set(registeredProvider(), { holders: 0, release });
  }
  const home = homes.get(registeredProvider());
  if (home === undefined) return undefined;
  home.holders += 1;
  return () => {
    home.holders -= 1;
    if (home.holders === 0) home.release();
  };
}

/** What the caller samples is recorded; what no caller waits for is not. */
class CallerSamples implements Sampler {
  shouldSample(scope: Context): SamplingResult {
    const collector = homeOf(scope);
    const flags = trace.getSpanContext(scope)?.traceFlags;
    const sampled =
      collector !== undefined &&
      (flags === undefined ? collector.wanted : (flags & TraceFlags.SAMPLED) !== 0);
    return {
      decision: sampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
    };
  }

  toString(): string {
    return 'CallerSamples';
  }
}

/** Several attempts run at a time: each span goes to the one that its context belongs to. */
class HomeProcessor implements SpanProcessor {
  readonly #homes = new WeakMap<ReadableSpan, SpanCollector>();

  onStart(span: Span, scope: Context): void {
    const collector = homeOf(scope);
    if (collector !== undefined) this.#homes.set(span, collector);
  }

  onEnd(span: ReadableSpan): void {
    this.#homes.get(span)?.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

function homeOf(scope: Context): SpanCollector | undefined {
  return scope.getValue(HOME) as SpanCollector | undefined;
}
