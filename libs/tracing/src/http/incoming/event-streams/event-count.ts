import { shadowEvents } from './sse-stream.js';
import type { SseStream } from './sse-stream.js';

/** Counts the events that are written to a stream, and knows nothing else of it. */
export class EventCount {
  #count = 0;

  /** How many there were. */
  get value(): number {
    return this.#count;
  }

  /** Counts from now on. */
  of(stream: SseStream): this {
    shadowEvents(stream, (write) => (message, written) => {
      this.#count += 1;
      return write(message, written);
    });
    return this;
  }
}
