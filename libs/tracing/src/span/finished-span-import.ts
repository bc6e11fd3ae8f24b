import type { Context, TracerProvider } from '@opentelemetry/api';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { tellEnd, tellEnding, tellStart } from '../tracer/tell-processors.js';
import { processSlot } from '../process-slot.js';

/**
 * The processors of a provider, for spans that ended elsewhere: OpenTelemetry's API has no way in for
 * them. Whoever configures a provider knows its processors and says so.
 */
class FinishedSpanImport {
  readonly #processors: readonly SpanProcessor[];

  constructor(processors: readonly SpanProcessor[]) {
    this.#processors = processors;
  }

  /** Announces a span to every processor and ends it, as its provider would. */
  enter(span: Span, parent: Context): void {
    tellStart(this.#processors, span, parent);
    tellEnding(this.#processors, span);
    span.end();
    tellEnd(this.#processors, span);
  }
}

const imports = processSlot(
  'finished-span imports',
  () => new WeakMap<TracerProvider, FinishedSpanImport>(),
);

/** Opens a provider for spans that ended elsewhere. */
export function openFinishedSpanImport(
  provider: TracerProvider,
  processors: readonly SpanProcessor[],
): void {
  imports.current.set(provider, new FinishedSpanImport(processors));
}

/** The way into a provider, or undefined if this package did not configure it. */
export function finishedSpanImportOf(provider: TracerProvider): FinishedSpanImport | undefined {
  return imports.current.get(provider);
}
