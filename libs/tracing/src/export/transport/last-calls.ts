import { timerMillis } from '../../with-deadline.js';
import type { RetryOutcome } from './transport.interface.js';

/** A collector that answered so recently is likely to come back: a restart takes about as long. */
const RESTART_MILLIS = 3000;
/** A collector that was seen before, or gives no sign why it is silent, is asked for so long. */
const LEAST_MILLIS = 400;

/** The end of the export: until when it goes on, and whether there is still a use in it. */
export class LastCalls {
  readonly #startedAt = performance.now();
  readonly #deadline: number;
  readonly #timer: NodeJS.Timeout;
  readonly #done: () => void;
  #isHopeless = false;

  /**
   * @param onLate called when the time is up
   * @param done called by {@link LastCalls.end}
   */
  constructor(timeoutMillis: number, onLate: () => void, done: () => void) {
    this.#deadline = this.#startedAt + timeoutMillis;
    this.#timer = setTimeout(onLate, timerMillis(timeoutMillis)).unref();
    this.#done = done;
  }

  /** Whether nothing more is to be sent; what is under way may still arrive, and is waited for. */
  get isHopeless(): boolean {
    return this.#isHopeless;
  }

  /** A request has succeeded: whatever was thought of the collector, it is there. */
  succeeded(): void {
    this.#isHopeless = false;
  }

  /**
   * A request has failed. A collector that responds is there, and one that answered a moment ago may
   * be again: those are asked until the time is up. One that was never there is not waited for.
   *
   * @param answeredAt when the collector last answered, or -Infinity
   * @param nextAt when it may be asked again
   */
  failed({ cause }: RetryOutcome, answeredAt: number, nextAt: number): void {
    if (nextAt > this.#deadline) this.#isHopeless = true;
    if (cause === 'response') return;
    const isUnknown = cause === 'unreachable' && answeredAt === -Infinity;
    const patience = this.#startedAt + (isUnknown ? 0 : LEAST_MILLIS);
    if (performance.now() > Math.max(patience, answeredAt + RESTART_MILLIS))
      this.#isHopeless = true;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#done();
  }
}
