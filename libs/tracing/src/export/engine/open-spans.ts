import { SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace';

/** A span that is never ended must not be held for ever: beyond so many, the newest are not tracked. */
const MAX_TRACKED = 10_000;
/** So many that have ended may be held beside the open ones before the list is tidied. */
const TIDY_FROM = 64;

/**
 * The spans that have not ended yet, so that the end of the process can end them. A span is not taken
 * out when it ends: tidying the list now and then costs each of them far less.
 */
export class OpenSpans {
  #spans: Span[] = [];
  #tidyAt = TIDY_FROM;

  add(span: Span): void {
    if (this.#spans.length >= this.#tidyAt) this.#tidy();
    if (this.#spans.length < MAX_TRACKED) this.#spans.push(span);
  }

  /** Ends them all, the inner ones first, each marked with why: `exit.reason`, and the status ERROR. */
  endAll(reason: string): void {
    this.#tidy();
    for (const span of this.#spans.splice(0).reverse()) {
      span.setAttribute('exit.reason', reason);
      span.setStatus({ code: SpanStatusCode.ERROR, message: `still open: ${reason}` });
      span.end();
    }
  }

  #tidy(): void {
    this.#spans = this.#spans.filter((span) => span.isRecording());
    this.#tidyAt = Math.max(TIDY_FROM, 2 * this.#spans.length);
  }
}
