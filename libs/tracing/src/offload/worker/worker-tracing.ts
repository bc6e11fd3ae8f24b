import { TraceFlags, context, propagation, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
  getNumberFromEnv,
} from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import type {
  ReadableSpan,
  Sampler,
  SamplingResult,
  SpanLimits,
  SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { SamplingDecision, TracerProvider } from '@opentelemetry/sdk-trace';
import { installRuntime, runtime } from '../../runtime.js';
import { releaseGlobals } from '../../sdk/release-globals.js';
import type { EncodedSpan } from '../span-codec.js';
import { encodeSpan } from '../span-codec.js';

/** Spans that one reply carries home at most. */
const MAX_SPANS = 1000;

/** Keeps finished spans until a reply takes them home; a late one goes with the next. */
export class SpanCollector implements SpanProcessor {
  /** Whether the caller of the running task records. */
  wanted = false;
  #finished: ReadableSpan[] = [];
  #dropped = 0;

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#finished.length < MAX_SPANS) this.#finished.push(span);
    else this.#dropped += 1;
  }

  /** The spans since the last time, and how many had no room. */
  take(): { spans: EncodedSpan[]; dropped: number } {
    const spans = this.#finished.map(encodeSpan);
    const dropped = this.#dropped;
    this.#finished = [];
    this.#dropped = 0;
    return { spans, dropped };
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** The main thread's sampler has decided: what it sampled is recorded, new roots in it included. */
class CallerDecides implements Sampler {
  readonly #collector: SpanCollector;

  constructor(collector: SpanCollector) {
    this.#collector = collector;
  }

  shouldSample(scope: Context): SamplingResult {
    const parent = trace.getSpanContext(scope);
    const sampled =
      parent === undefined
        ? this.#collector.wanted
        : (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
    return {
      decision: sampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
    };
  }

  toString(): string {
    return 'CallerDecides';
  }
}

/** Registers tracing in a worker: no exporter, no resource, no detectors. */
export function startWorkerTracing(spanLimits: SpanLimits): SpanCollector {
  const collector = new SpanCollector();
  registerCollecting(new CallerDecides(collector), collector, spanLimits);
  return collector;
}

/** Registers tracing whose spans are brought to where they are exported. The answer undoes it. */
export function registerCollecting(
  sampler: Sampler,
  processor: SpanProcessor,
  spanLimits: SpanLimits,
): () => void {
  const provider = new TracerProvider({
    resource: emptyResource(),
    sampler,
    spanLimits: { ...limitsFromEnv(), ...spanLimits },
    spanProcessors: [processor],
  });
  releaseGlobals();
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({
      propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
    }),
  );
  const uninstall = installRuntime({ ...runtime(), followsLocalParent: true });
  return () => {
    uninstall();
    releaseGlobals();
  };
}

/** The limits that the module's options do not resolve. */
function limitsFromEnv(): SpanLimits {
  const limits: SpanLimits = {};
  const events = getNumberFromEnv('OTEL_SPAN_EVENT_COUNT_LIMIT');
  const links = getNumberFromEnv('OTEL_SPAN_LINK_COUNT_LIMIT');
  if (events !== undefined) limits.eventCountLimit = events;
  if (links !== undefined) limits.linkCountLimit = links;
  return limits;
}
