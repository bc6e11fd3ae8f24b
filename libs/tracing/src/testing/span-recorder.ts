import type { Span } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { isDormant } from '../span/results/dormant.js';
import type { RecordingProcessor } from './recording-processor.js';
import type { TreeOptions } from './span-tree.js';
import { printTree } from './span-tree.js';

/**
 * The spans of a test, in memory. Made by `recordSpans()` or injected from `TracingTestingModule`.
 *
 * @example
 * ```ts
 * const spans: SpanRecorder = recordSpans();
 * await service.find('a');
 * expect(spans.one('OrdersService.find').attributes).toMatchObject({ 'order.id': 'a' });
 * ```
 */
export class SpanRecorder {
  readonly #processor: RecordingProcessor;
  readonly #stop: () => Promise<void>;

  /** @internal made by `recordSpans()` */
  constructor(processor: RecordingProcessor, stop: () => Promise<void>) {
    this.#processor = processor;
    this.#stop = stop;
  }

  /** The spans that have ended, in the order of their ends. */
  get finished(): readonly ReadableSpan[] {
    return [...this.#processor.finished];
  }

  /** The spans that have started and not ended. One that waits for its consumer is not counted. */
  get open(): readonly ReadableSpan[] {
    return [...this.#processor.open].filter((span) => !isDormant(span as Span));
  }

  /** The finished spans of a name, in the order of their ends. */
  named(name: string): readonly ReadableSpan[] {
    return this.#processor.finished.filter((span) => span.name === name);
  }

  /**
   * The only finished span of a name.
   *
   * @throws Error if there is none or more than one; it shows what was recorded
   */
  one(name: string): ReadableSpan {
    const [span, ...others] = this.named(name);
    if (span !== undefined && others.length === 0) return span;
    const found = span === undefined ? 'no span' : `${others.length + 1} spans`;
    throw new Error(`There is ${found} named "${name}". Recorded:\n${this.tree()}`);
  }

  /** The finished children of a span, in the order of their ends. */
  childrenOf(parent: ReadableSpan): readonly ReadableSpan[] {
    const { spanId } = parent.spanContext();
    return this.#processor.finished.filter((span) => span.parentSpanContext?.spanId === spanId);
  }

  /**
   * The finished spans as indented trees, one line a span.
   *
   * @param options which attributes to print, and whether to print status and links
   */
  tree(options?: TreeOptions): string {
    const byStart = this.#processor.finished.toSorted((a, b) => this.#startedBefore(a, b));
    return printTree(byStart, options);
  }

  /** Forgets what was recorded, for the next test. */
  reset(): void {
    this.#processor.finished.length = 0;
    this.#processor.open.clear();
  }

  /**
   * The leak check: every span that was started must have ended.
   *
   * @throws Error naming the spans that are still open
   */
  assertNoOpenSpans(): void {
    const names = this.open.map((span) => span.name);
    if (names.length > 0) throw new Error(`Spans started and never ended: ${names.join(', ')}`);
  }

  /** By time, and within a millisecond, which is as fine as it goes, by the order of the starts. */
  #startedBefore(a: ReadableSpan, b: ReadableSpan): number {
    const [seconds, nanos] = [a.startTime[0] - b.startTime[0], a.startTime[1] - b.startTime[1]];
    return seconds || nanos || this.#processor.orderOf(a) - this.#processor.orderOf(b);
  }

  /** Stops recording and frees OpenTelemetry's globals. Idempotent. */
  stop(): Promise<void> {
    return this.#stop();
  }
}
