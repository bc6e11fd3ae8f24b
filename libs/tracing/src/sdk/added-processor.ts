import type { TracerProvider } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { LeanTracerProvider } from '../tracer/lean-tracer-provider.js';

/** The SDK's providers keep their processors so since 1.0, under this name; there is no public way in. */
interface SdkProvider {
  readonly _activeSpanProcessor?: { _spanProcessors?: readonly SpanProcessor[] };
}

/**
 * Has a processor told first of every span of a provider that runs.
 *
 * @returns takes it out again; undefined if the provider is not one whose processors can be found
 */
export function addProcessor(
  provider: TracerProvider,
  processor: SpanProcessor,
): (() => void) | undefined {
  if (provider instanceof LeanTracerProvider) return provider.addProcessor(processor);
  const { _activeSpanProcessor: holder } = provider as SdkProvider;
  if (!Array.isArray(holder?._spanProcessors) || Object.isFrozen(holder)) return undefined;
  // A list of our own: the one that is there may be the application's.
  holder._spanProcessors = [processor, ...(holder._spanProcessors as SpanProcessor[])];
  return () => {
    holder._spanProcessors = (holder._spanProcessors ?? []).filter((each) => each !== processor);
  };
}
