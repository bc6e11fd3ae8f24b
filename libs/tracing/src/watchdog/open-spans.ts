import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace';
import { LeanSpan } from '../tracer/lean-span.js';

/** Spans that are never ended must not be held without end: beside so many, the newest are not tracked. */
const MAX_TRACKED = 20_000;
/** So many may start at the least before the list is tidied again, else as many as were open then. */
const TIDY_FROM = 64;

/**
 * The spans that have not ended yet, in the order of their starts, so that the end of the process can end
 * them. A span of ours knows its place and leaves it when it ends; what was made by others, or is handed
 * on wrapped, is found to have ended when the list is tidied.
 */
export class OpenSpans {
  readonly #spans: (Span | undefined)[] = [];
  #count = 0;
  #untilTidy = TIDY_FROM;

  add(span: Span): void {
    if (this.#untilTidy === 0) this.#tidy();
    this.#untilTidy -= 1; // those too that find no room: it may be there again
    if (this.#count >= MAX_TRACKED) return;
    this.#put(span, this.#count);
    this.#count += 1;
  }

  /** A span has ended: it is not held any longer. */
  remove(span: ReadableSpan): void {
    if (!LeanSpan.is(span) || this.#spans[span.place] !== span) return;
    this.#spans[span.place] = undefined;
    while (this.#count > 0 && this.#spans[this.#count - 1] === undefined) this.#count -= 1;
  }

  /** Whether one is open. The newest are asked first: they are the likeliest. If none is, none is held. */
  get hasAny(): boolean {
    for (let at = this.#count - 1; at >= 0; at -= 1) {
      if (this.#spans[at]?.isRecording() === true) return true;
    }
    if (this.#count > 0) this.#tidy();
    return false;
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
    this.#untilTidy = TIDY_FROM;
    for (const span of this.#spans.splice(0).reverse()) {
      span?.setAttribute('exit.reason', reason);
      span?.setStatus({ code: SpanStatusCode.ERROR, message: `still open: ${reason}` });
      span?.end();
    }
  }

  #put(span: Span, at: number): void {
    this.#spans[at] = span;
    if (LeanSpan.is(span)) span.place = at;
  }

  /** What is behind the last one is nothing, so that ended spans are not held; the room stays. */
  #tidy(): void {
    let open = 0;
    for (let at = 0; at < this.#count; at += 1) {
      const span = this.#spans[at];
      if (span?.isRecording() !== true) continue;
      this.#put(span, open);
      open += 1;
    }
    this.#spans.fill(undefined, open, this.#count);
    this.#count = open;
    this.#untilTidy = Math.max(TIDY_FROM, open);
  }
}
