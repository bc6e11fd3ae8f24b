import { MAX_RECORD_CHARS, MAX_RECORD_VALUES } from '../limits.js';

/**
 * What one span, log line or resource may still have: each text and each message is bounded, and a
 * span of half a million attributes would be all that its trace may hold.
 */
export class Room {
  #values = MAX_RECORD_VALUES;
  #chars = MAX_RECORD_CHARS;
  /** Attributes that there was no room for. */
  leftOut = 0;

  get isFull(): boolean {
    return this.#values <= 0 || this.#chars <= 0;
  }

  takeValue(): void {
    this.#values -= 1;
  }

  takeText({ length }: string): void {
    this.#chars -= length;
  }
}
