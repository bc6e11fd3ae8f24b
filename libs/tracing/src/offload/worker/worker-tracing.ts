import { TraceFlags, context, propagation, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { emptyResource } from '@opentelemetry/resources';
import type {
  ReadableSpan,
  Sampler,
  SamplingResult,
  SpanLimits,
  SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { W3cPropagator } from '../../propagation/w3c-propagator.js';
import { installRuntime, runtime } from '../../span/runtime.js';
import { releaseGlobals } from '../../span/release-globals.js';
import { LeanTracerProvider } from '../../tracer/lean-tracer-provider.js';
import type { PlannedSampler, SamplingPlan } from '../../tracer/sampling/sampling-plan.js';
import { limitsFromEnv } from '../../tracer/limits-from-env.js';
import type { TaskSpan } from '../returning-spans/task-span.js';
import type { EncodedSpan } from '../returning-spans/span-codec.js';
import { encodeSpan } from '../returning-spans/span-codec.js';

/** Spans that one reply carries at most. */
const MAX_SPANS = 1000;

/** Keeps finished spans until a reply takes them to the caller; a late one goes with the next. */
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

  /** Takes the span that ended last if it has a short form, and is the only one. */
  takeShort(shorten: (span: ReadableSpan) => TaskSpan | undefined): TaskSpan | undefined {
    const [only] = this.#finished;
    if (only === undefined || this.#finished.length > 1 || this.#dropped > 0) return undefined;
    const short = shorten(only);
    if (short !== undefined) this.#finished.length = 0;
    return short;
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

/** Records what the sampler of the caller has sampled, new roots in it included. */
export class CallerSampler implements Sampler {
  readonly #collectorOf: (ctx: Context) => SpanCollector | undefined;

  /** @param collectorOf finds who collects for the caller of a context; without one nothing is sampled */
  constructor(collectorOf: (ctx: Context) => SpanCollector | undefined) {
    this.#collectorOf = collectorOf;
  }

  shouldSample(ctx: Context): SamplingResult {
    const collector = this.#collectorOf(ctx);
    const flags = trace.getSpanContext(ctx)?.traceFlags;
    const sampled =
      collector !== undefined &&
      (flags === undefined ? collector.wanted : (flags & TraceFlags.SAMPLED) !== 0);
    return {
      decision: sampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
    };
  }

  toString(): string {
    return 'CallerSampler';
  }
}

/**
 * Samples in a worker, where one collector is for all: under a parent there is nothing to ask, so that
 * neither attributes nor links are made for a question.
 */
class WorkerSampler extends CallerSampler implements PlannedSampler {
  readonly plan: SamplingPlan = {
    readsAttributes: false,
    root: undefined,
    localSampled: SamplingDecision.RECORD_AND_SAMPLED,
    localUnsampled: SamplingDecision.NOT_RECORD,
    remoteSampled: SamplingDecision.RECORD_AND_SAMPLED,
    remoteUnsampled: SamplingDecision.NOT_RECORD,
  };
}

/** Registers tracing in a worker: no exporter, no resource, no detectors. */
export function startWorkerTracing(spanLimits: SpanLimits): SpanCollector {
  const collector = new SpanCollector();
  registerCollecting(new WorkerSampler(() => collector), collector, spanLimits);
  return collector;
}

/** Registers tracing whose spans are brought to where they are exported. The function returned undoes it. */
export function registerCollecting(
  sampler: Sampler,
  processor: SpanProcessor,
  spanLimits: SpanLimits,
): () => void {
  const provider = new LeanTracerProvider({
    resource: emptyResource(),
    sampler,
    spanLimits: { ...limitsFromEnv(), ...spanLimits },
    spanProcessors: [processor],
  });
  releaseGlobals();
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3cPropagator());
  const uninstall = installRuntime({ ...runtime(), followsLocalParent: true });
  return () => {
    uninstall();
    releaseGlobals();
  };
}
