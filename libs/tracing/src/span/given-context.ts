import type { Span } from '@opentelemetry/api';

/**
 * Holds what a task is given beside its input. Most tasks never look at the signal, which costs as much
 * as a span: the source is asked for it when the task is.
 */
export class GivenContext {
  readonly span: Span;
  readonly #source: { readonly signal: AbortSignal };

  constructor(span: Span, source: { readonly signal: AbortSignal }) {
    this.span = span;
    this.#source = source;
  }

  get signal(): AbortSignal {
    return this.#source.signal;
  }
}
