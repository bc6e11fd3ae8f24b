/** The caller's side of the flags that tell running tasks that their callers have given up. */
export class CancelFlags {
  readonly flags: Int32Array;
  readonly #free: number[];

  /** @param count how many calls may run at a time */
  constructor(count: number) {
    this.flags = new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
    this.#free = Array.from({ length: count }, (_, index) => index);
  }

  /** Follows a signal with a flag until it is let go. */
  follow(signal: AbortSignal): { readonly flag: number; letGo(): void } {
    const flag = this.#free.pop();
    if (flag === undefined) throw new Error('more calls run than there are flags');
    const raise = (): void => {
      Atomics.store(this.flags, flag, 1);
      Atomics.notify(this.flags, flag);
    };
    if (signal.aborted) raise();
    else signal.addEventListener('abort', raise);
    return { flag, letGo: () => this.#letGo(flag, signal, raise) };
  }

  #letGo(flag: number, signal: AbortSignal, raise: () => void): void {
    signal.removeEventListener('abort', raise);
    Atomics.store(this.flags, flag, 0);
    this.#free.push(flag);
  }
}
