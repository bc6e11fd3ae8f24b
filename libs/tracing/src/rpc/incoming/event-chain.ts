import type { ResultEnds } from '../../entry/follow-result.js';
import type { RunningCalls } from '../../entry/running-calls.js';

/**
 * The handlers of one event, which run at once: Nest calls the first, and that one the next. The span of
 * the event ends when the last of them has ended, and says what the first has come to, which is how all went.
 * Nest turns away from the others when one fails, so their calls are waited for as well.
 */
export class EventChain {
  readonly #ends: ResultEnds;
  readonly #calls: RunningCalls;
  #running = 1;
  #end: (() => void) | undefined;

  /**
   * @param ends of the event
   * @param calls of its handlers
   */
  constructor(ends: ResultEnds, calls: RunningCalls) {
    this.#ends = ends;
    this.#calls = calls;
  }

  /** The ends of the first handler, whose result is that of all. */
  readonly first: ResultEnds = {
    done: () => this.#firstEnded(() => this.#ends.done()),
    failed: (error) => this.#firstEnded(() => this.#ends.failed(error)),
    left: () => this.#firstEnded(() => this.#ends.left()),
  };

  /** The ends of one of the others. A stream of its runs once somebody listens to it, or never. */
  next(): ResultEnds {
    this.#running += 1;
    const ended = (): void => this.#ended();
    return {
      subscribed: () => void (this.#running += 1),
      deferred: ended,
      done: ended,
      failed: ended,
      left: ended,
    };
  }

  #firstEnded(end: () => void): void {
    this.#end = end;
    this.#ended();
  }

  #ended(): void {
    this.#running -= 1;
    const end = this.#end;
    if (this.#running > 0 || end === undefined) return;
    this.#end = undefined;
    this.#calls.whenIdle(end);
  }
}
