import { Logger } from '@nestjs/common';
import type { Queue, Worker } from 'bullmq';

/**
 * Knows whether there is a connection to Redis, and tells who waits. Says once that it was lost, and
 * once that it is back.
 */
export class RedisLink {
  /** The last thing that went wrong. */
  lastError: unknown = new Error('it has not answered yet');
  #up = false;
  #closed = false;
  /** Whether something was said to be wrong that is to be said to be right again. */
  #said = false;
  readonly #where: string;
  readonly #logger: Logger;
  readonly #listeners = new Set<() => void>();

  /**
   * @param made whose connection it is
   * @param where what is said to be lost
   * @param name who says it
   */
  constructor(made: Queue | Worker, where: string, name: string) {
    this.#where = where;
    this.#logger = new Logger(name);
    // Both types have the same listeners; the union of their overloads can be called by neither.
    (made as Queue).on('error', (error) => this.#fail(error));
    made.getBackend().client.then(
      (client) => {
        client.on('ready', () => this.#set(true));
        client.on('close', () => this.#set(false));
        this.#set(true);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  get up(): boolean {
    return this.#up;
  }

  /** Calls a listener whenever `up` changes. The function returned ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** From now on the end of the connection is wanted. */
  close(): void {
    this.#closed = true;
    this.#listeners.clear();
  }

  /** Redis is asked again and again, and each refusal is an error: the first of a kind is said. */
  #fail(error: unknown): void {
    const known = describe(this.lastError);
    this.lastError = error;
    if (!this.#closed && describe(error) !== known) this.#say(describe(error));
  }

  #set(up: boolean): void {
    if (this.#closed || up === this.#up) return;
    this.#up = up;
    if (!up) this.#say('the connection is lost');
    else if (this.#said) this.#logger.log(`${this.#where}: the connection is there`);
    if (up) this.#said = false;
    for (const listener of this.#listeners) listener();
  }

  #say(what: string): void {
    this.#said = true;
    this.#logger.warn(`${this.#where}: ${what}`);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
