import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Heartbeat } from './pulse/heartbeat.js';
import type { StallJudge } from './stall-judge.js';

/** Wakes the heart with the first span and marks those that end in a stall: each other costs two looks. */
export class SpanWatch implements SpanProcessor {
  readonly #heart: Heartbeat;
  readonly #judge: StallJudge;
  readonly #track: ((span: Span) => void) | undefined;

  /** @param track keeps the open spans, where nobody else does */
  constructor(heart: Heartbeat, judge: StallJudge, track: ((span: Span) => void) | undefined) {
    this.#heart = heart;
    this.#judge = judge;
    this.#track = track;
  }

  onStart(span: Span): void {
    this.#track?.(span);
    if (this.#heart.isResting) this.#heart.wake();
  }

  onEnding(span: Span): void {
    if (this.#judge.hasStall) this.#judge.spanEnding(span, this.#heart.stallSoFar());
  }

  onEnd(_span: ReadableSpan): void {}

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}
