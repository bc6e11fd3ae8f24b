import type { Context } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { settled } from '../settled.js';
import type { SpanPipeline } from './span-pipeline.interface.js';

/** Sends every span through several pipelines. What is told of spans and export is the first one's. */
export function joinPipelines(first: SpanPipeline, further: readonly SpanPipeline[]): SpanPipeline {
  const all = [first, ...further];
  return {
    processor: new JointProcessor(all.map(({ processor }) => processor)),
    open: first.open,
    flush: (timeoutMillis) => settled(all.map((pipeline) => pipeline.flush(timeoutMillis))),
    stop: (timeoutMillis) => settled(all.map((pipeline) => pipeline.stop(timeoutMillis))),
    stats: () => first.stats(),
    exportStats: () => first.exportStats(),
  };
}

/** Hands every span to several processors. */
class JointProcessor implements SpanProcessor {
  readonly #processors: readonly SpanProcessor[];

  constructor(processors: readonly SpanProcessor[]) {
    this.#processors = processors;
  }

  onStart(span: Span, parent: Context): void {
    for (const processor of this.#processors) processor.onStart(span, parent);
  }

  onEnd(span: ReadableSpan): void {
    for (const processor of this.#processors) processor.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return settled(this.#processors.map((processor) => processor.forceFlush()));
  }

  shutdown(): Promise<void> {
    return settled(this.#processors.map((processor) => processor.shutdown()));
  }
}
