/** The items of a `map`, sync or async, pulled one by one. */
export class Source<I> {
  readonly #iterator: Iterator<I> | AsyncIterator<I>;
  #state: 'open' | 'pulling' | 'over' = 'open';

  constructor(items: Iterable<I> | AsyncIterable<I>) {
    this.#iterator = isAsync(items) ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  }

  /** Pulls the next item. A source that throws is over and needs no closing. */
  next(): IteratorResult<I> | Promise<IteratorResult<I>> {
    this.#state = 'over';
    const step = this.#iterator.next();
    if (!('then' in step)) return this.#pulled(step);
    this.#state = 'pulling';
    return this.#pulling(step);
  }

  /**
   * Tells the source that nothing more will be pulled, and waits until it has cleaned up; not if it is
   * in the middle of making an item, which may take for ever.
   */
  async close(): Promise<void> {
    if (this.#state === 'over') return;
    const closing = Promise.resolve(this.#iterator.return?.());
    if (this.#state === 'pulling') closing.catch(() => undefined);
    else await closing;
  }

  async #pulling(step: Promise<IteratorResult<I>>): Promise<IteratorResult<I>> {
    try {
      return this.#pulled(await step);
    } catch (error) {
      this.#state = 'over';
      throw error;
    }
  }

  #pulled(step: IteratorResult<I>): IteratorResult<I> {
    this.#state = step.done === true ? 'over' : 'open';
    return step;
  }
}

/** Whether something can be pulled from. */
export function isIterable(items: unknown): boolean {
  if (items === undefined || items === null) return false;
  const { [Symbol.iterator]: sync } = items as Partial<Iterable<unknown>>;
  return typeof sync === 'function' || isAsync(items as AsyncIterable<unknown>);
}

function isAsync<I>(items: Iterable<I> | AsyncIterable<I>): items is AsyncIterable<I> {
  return typeof (items as Partial<AsyncIterable<I>>)[Symbol.asyncIterator] === 'function';
}
