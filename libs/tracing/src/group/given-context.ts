import type { Span } from '@opentelemetry/api';
import type { SignalSource } from './ambient-scope.js';
import type { TaskContext } from './group.interface.js';

/** What a task is given. */
export class GivenContext implements TaskContext {
  readonly span: Span;
  readonly #source: SignalSource;

  constructor(span: Span, source: SignalSource) {
    this.span = span;
    this.#source = source;
  }

  get signal(): AbortSignal {
    return this.#source.signal;
  }
}
