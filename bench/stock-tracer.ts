import { trace } from '@opentelemetry/api';
import type { Tracer, TracerProvider } from '@opentelemetry/api';
import type { Sampler } from '@opentelemetry/sdk-trace';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  NoopSpanProcessor,
  ParentBasedSampler,
  TracerProvider as StockTracerProvider,
} from '@opentelemetry/sdk-trace';

/** What rivals ask for their spans. */
interface Rival {
  readonly provider: TracerProvider;
  readonly tracer: Tracer;
}

const rivals = {
  registered: on(trace.getTracerProvider()),
  recording: on(stock(new AlwaysOnSampler())),
  'sampled-out': on(stock(new AlwaysOffSampler())),
} as const;

let current: Rival = rivals.registered;

/** The provider that rivals run on: the registered one, unless a bench asks for the SDK's. */
export function rivalProvider(): TracerProvider {
  return current.provider;
}

/** The tracer of what is written by hand. */
export function handWrittenTracer(): Tracer {
  return current.tracer;
}

/**
 * From now on rivals, and what is written by hand, run on a provider of OpenTelemetry's own SDK, as
 * they would without this package, whose processor does nothing, as the module's without an exporter.
 */
export function useStockTracer(mode: 'recording' | 'sampled-out'): void {
  current = rivals[mode];
}

function stock(root: Sampler): TracerProvider {
  const sampler = new ParentBasedSampler({ root });
  return new StockTracerProvider({ sampler, spanProcessors: [new NoopSpanProcessor()] });
}

function on(provider: TracerProvider): Rival {
  return { provider, tracer: provider.getTracer('hand-written') };
}
