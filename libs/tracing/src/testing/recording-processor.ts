import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';

/** Keeps every span in memory: those that have ended, in the order of their ends, and those that have not. */
export class RecordingProcessor implements SpanProcessor {
  readonly finished: ReadableSpan[] = [];
  readonly open = new Set<Span>();
  readonly #started = new WeakMap<ReadableSpan, number>();
  #count = 0;

  /** The place of a span in the order of starts; clocks are too coarse for that. */
  orderOf(span: ReadableSpan): number {
    return this.#started.get(span) ?? 0;
  }

  onStart(span: Span): void {
    this.open.add(span);
    this.#started.set(span, (this.#count += 1));
  }

  onEnd(span: ReadableSpan): void {
    this.open.delete(span as Span);
    this.finished.push(span);
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}
