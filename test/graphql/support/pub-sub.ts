import { EventEmitter, on } from 'node:events';

/** Publishes in this process, as `PubSub` of graphql-subscriptions does. */
export class PubSub {
  readonly #emitter = new EventEmitter();
  readonly #iterators = new Map<object, string>();

  /** How many iterate. */
  subscribers(trigger: string): number {
    return [...this.#iterators.values()].filter((one) => one === trigger).length;
  }

  async publish(trigger: string, payload: unknown): Promise<void> {
    await Promise.resolve();
    this.#emitter.emit(trigger, payload);
  }

  subscribe(trigger: string, listener: (payload: unknown) => void): void {
    this.#emitter.on(trigger, listener);
  }

  asyncIterableIterator(trigger: string): AsyncIterableIterator<unknown> {
    const events = on(this.#emitter, trigger) as AsyncIterableIterator<unknown[]>;
    const iterator: AsyncIterableIterator<unknown> = {
      [Symbol.asyncIterator]: () => iterator,
      next: async () => {
        const { done, value } = await events.next();
        return done === true ? { done, value: undefined } : { done: false, value: value[0] };
      },
      return: async () => {
        this.#iterators.delete(iterator);
        await events.return?.();
        return { done: true, value: undefined };
      },
    };
    this.#iterators.set(iterator, trigger);
    return iterator;
  }
}
