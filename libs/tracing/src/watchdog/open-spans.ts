import { SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace';

/** A span that is never ended must not be held for ever: beyond so many, the newest are not tracked. */
const MAX_TRACKED = 10_000;
/** So many that have ended may be held beside the open ones before the list is tidied. */
const TIDY_FROM = 64;

/**
 * The spans that have not ended yet, so that the end of the process can end them. A span is not taken
 * out when it ends: tidying the list now and then, in its place, costs each of them far less.
 */
export class OpenSpans {
  readonly #spans: (Span | undefined)[] = [];
  #count = 0;
  #tidyAt = TIDY_FROM;

  add(span: Span): void {
    if (this.#count >= this.#tidyAt) this.#tidy();
    if (this.#count >= MAX_TRACKED) return;
    this.#spans[this.#count] = span;
    this.#count += 1;
  }

  /** Whether one is open. The newest are asked first: they are the likeliest. */
  get hasAny(): boolean {
    return this.#spans.findLast((span) => span?.isRecording() === true) !== undefined;
  }

  /** Those that are open, the outer ones first. */
  all(): readonly Span[] {
    this.#tidy();
    return this.#spans.slice(0, this.#count) as Span[];
  }

  /** Ends them all, the inner ones first, each marked with why: `exit.reason`, and the status ERROR. */
  endAll(reason: string): void {
    this.#tidy();
    this.#count = 0;
    this.#tidyAt = TIDY_FROM;
    for (const span of this.#spans.splice(0).reverse()) {
      span?.setAttribute('exit.reason', reason);
      span?.setStatus({ code: SpanStatusCode.ERROR, message: `still open: ${reason}` });
      span?.end();
    }
  }

  /** What is behind the last one is nothing, so that ended spans are not held; the room stays. */
  #tidy(): void {
    let open = 0;
    for (let at = 0; at < this.#count; at += 1) {
      const span = this.#spans[at];
      if (span?.isRecording() !== true) continue;
      this.#spans[open] = span;
      open += 1;
    }
    this.#spans.fill(undefined, open, this.#count);
    this.#count = open;
    this.#tidyAt = Math.max(TIDY_FROM, 2 * open);
  }
}
