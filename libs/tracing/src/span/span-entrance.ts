import type { Context, TracerProvider } from '@opentelemetry/api';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace';

/**
 * The processors of a provider, for spans that ended elsewhere: OpenTelemetry's API has no way in for
 * them. Whoever configures a provider knows its processors and says so.
 */
export class SpanEntrance {
  readonly #processors: readonly SpanProcessor[];

  constructor(processors: readonly SpanProcessor[]) {
    this.#processors = processors;
  }

  /** Announces a span to every processor and ends it, as its provider would. */
  enter(span: Span, parent: Context): void {
    for (const processor of this.#processors) processor.onStart(span, parent);
    for (const processor of this.#processors) processor.onEnding?.(span);
    span.end();
    for (const processor of this.#processors) processor.onEnd(span);
  }
}

const entrances = new WeakMap<TracerProvider, SpanEntrance>();

/** Opens a provider for spans that ended elsewhere. */
export function openEntrance(provider: TracerProvider, processors: readonly SpanProcessor[]): void {
  entrances.set(provider, new SpanEntrance(processors));
}

/** The way into a provider, or undefined if this package did not configure it. */
export function entranceOf(provider: TracerProvider): SpanEntrance | undefined {
  return entrances.get(provider);
}
