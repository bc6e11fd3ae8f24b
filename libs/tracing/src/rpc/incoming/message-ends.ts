import type { Entry } from '../../entry/entry.js';
import { roundMillis } from '../../round-millis.js';
import type { ResultEnds } from '../../entry/follow-result.js';

/** The milliseconds from when the handler was called to the end of the span. */
const ATTR_HANDLER_MILLIS = 'async.message.handler_ms';
/** Why a span was called off: whoever listened to its result has stopped. */
const LEFT = 'nobody listens to the result any more';

/** Ends the span of a message that has one handler. */
export class MessageEnds implements ResultEnds {
  readonly #entry: Entry;

  constructor(entry: Entry) {
    this.#entry = entry;
  }

  done(): void {
    this.#measure();
    this.#entry.succeed();
  }

  failed(error: unknown): void {
    this.#measure();
    this.#entry.fail(error);
  }

  left(): void {
    this.#measure();
    this.#entry.cancel(LEFT);
  }

  #measure(): void {
    const { reachedMillis, span, isOpen } = this.#entry;
    if (!isOpen || reachedMillis === undefined) return;
    span?.setAttribute(ATTR_HANDLER_MILLIS, roundMillis(performance.now() - reachedMillis));
  }
}
