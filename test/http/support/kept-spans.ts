import type { Span } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { expect } from 'vitest';

/** Keeps every span of the SDK that the module itself starts. */
export class KeptSpans implements SpanProcessor {
  readonly finished: ReadableSpan[] = [];
  readonly open = new Set<ReadableSpan>();
  /** Attributes as they were when the span started. */
  readonly atStart = new Map<string, object>();

  onStart(span: Span & ReadableSpan): void {
    this.open.add(span);
    this.atStart.set(span.spanContext().spanId, { ...span.attributes });
  }

  onEnd(span: ReadableSpan): void {
    this.open.delete(span);
    this.finished.push(span);
  }

  named(name: string): ReadableSpan[] {
    return this.finished.filter((span) => span.name === name);
  }

  /** The only span of a name, waited for: a response may reach its client before the span has ended. */
  async one(name: string): Promise<ReadableSpan> {
    await expect.poll(() => this.named(name).length, { timeout: 5000 }).toBe(1);
    return this.named(name)[0]!;
  }

  async many(name: string, count: number): Promise<ReadableSpan[]> {
    await expect.poll(() => this.named(name).length, { timeout: 10_000 }).toBe(count);
    return this.named(name);
  }

  async noneOpen(): Promise<void> {
    await expect.poll(() => [...this.open].map((span) => span.name), { timeout: 5000 }).toEqual([]);
  }

  reset(): void {
    this.finished.length = 0;
    this.open.clear();
    this.atStart.clear();
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Whether a span is a child of another, in the same trace. */
export function isChild(span: ReadableSpan, parent: ReadableSpan): boolean {
  const { traceId, spanId } = parent.spanContext();
  return span.parentSpanContext?.spanId === spanId && span.spanContext().traceId === traceId;
}
