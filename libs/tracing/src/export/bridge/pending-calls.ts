/** Keeps the questions that a thread has not answered yet, by number. */
export class PendingCalls {
  readonly #resolves = new Map<number, (left: number) => void>();
  #lastId = 0;

  /** Numbers one more call. */
  open(): { readonly id: number; readonly result: Promise<number> } {
    const { promise, resolve } = Promise.withResolvers<number>();
    const id = (this.#lastId += 1);
    this.#resolves.set(id, resolve);
    return { id, result: promise };
  }

  close(id: number, left: number): void {
    this.#resolves.get(id)?.(left);
    this.#resolves.delete(id);
  }

  /** Lets all who wait go: nothing is left to wait for. */
  closeAll(): void {
    for (const id of this.#resolves.keys()) this.close(id, 0);
  }
}
