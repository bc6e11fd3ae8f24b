import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace';
import type { SpanGuard } from '../tracer/span-shared.js';
import type { Heartbeat } from './pulse/heartbeat.js';
import type { StallJudge } from './stall-judge.js';

/** Wakes the heart with the first span and marks those that end in a stall: each other costs two looks. */
export class SpanWatch implements SpanGuard {
  readonly #heart: Heartbeat;
  readonly #judge: StallJudge;
  readonly #track: ((span: Span) => void) | undefined;

  /** @param track keeps the open spans, where nobody else does */
  constructor(heart: Heartbeat, judge: StallJudge, track: ((span: Span) => void) | undefined) {
    this.#heart = heart;
    this.#judge = judge;
    this.#track = track;
  }

  get wantsStart(): boolean {
    return this.#heart.isResting || this.#track !== undefined;
  }

  get wantsEnding(): boolean {
    return this.#judge.hasStall;
  }

  onStart(span: Span): void {
    this.#track?.(span);
    if (this.#heart.isResting) this.#heart.wake();
  }

  onEnding(span: Span): void {
    if (!this.wantsEnding || this.#judge.isShort(span)) return;
    this.#judge.spanEnding(span, this.#heart.stallSoFar());
  }

  onEnd(_span: ReadableSpan): void {}

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}
