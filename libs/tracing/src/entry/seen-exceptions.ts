import type { Span } from '@opentelemetry/api';
import { errorMessage, errorType, recordException } from '../span/exception.js';
import { isObject } from '../span/is-object.js';
import type { ErrorReading } from '../span/outcome/failure.js';
import { SampledOutRoot } from '../tracer/sampling/sampled-out-root.js';
import { isExpected } from '../span/outcome/failure.js';

/** Long enough for a message, short enough to stay in a context. */
const LONGEST_MESSAGE = 1024;
/** An endless stream may fail as often: each exception costs an event. */
const MAX_EXCEPTIONS = 32;

/** What is kept of an exception that has been recorded. */
interface Failure {
  readonly type: string;
  readonly message: string;
  readonly isExpected: boolean;
}

/**
 * The exceptions that have left the application's code while it handled one request, message or operation.
 * Each is recorded once, however many filters see it. Contexts keep this, so it holds no exception.
 */
export class SeenExceptions {
  /** Several handlers, resolvers for example, may throw at the same time. */
  #objects: WeakSet<object> | undefined;
  #lastText: string | undefined;
  #count = 0;
  #failure: Failure | undefined;

  /** What the last exception says: an expected one only where there was no other. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** How many have been recorded. */
  get count(): number {
    return this.#count;
  }

  /** Whether it has been seen. A thrown value that is no object is known by its text, if it was the last. */
  has(exception: unknown): boolean {
    return isObject(exception)
      ? this.#objects?.has(exception) === true
      : this.#lastText === String(exception);
  }

  /** As `has`; from now on it has. */
  isKnown(exception: unknown): boolean {
    const known = this.has(exception);
    if (isObject(exception)) (this.#objects ??= new WeakSet()).add(exception);
    else this.#lastText = String(exception);
    return known;
  }

  /** Records an exception that is not known yet. */
  record(span: Span | undefined, exception: unknown, reading: ErrorReading = {}): void {
    if (this.isKnown(exception) || span === undefined) return;
    if (!span.isRecording() && !(span instanceof SampledOutRoot)) return;
    this.#count += 1;
    if (this.#count <= MAX_EXCEPTIONS) recordException(span, exception);
    const expected = isExpected(reading, exception);
    if (expected && this.#failure !== undefined) return;
    this.#failure = {
      type: errorType(exception),
      message: errorMessage(exception).slice(0, LONGEST_MESSAGE),
      isExpected: expected,
    };
  }
}
