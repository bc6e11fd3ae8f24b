import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';

/** Keeps every span in memory: those that have ended, in the order of their ends, and those that have not. */
export class RecordingProcessor implements SpanProcessor {
  readonly finished: ReadableSpan[] = [];
  readonly open = new Set<Span>();

  onStart(span: Span): void {
    this.open.add(span);
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
