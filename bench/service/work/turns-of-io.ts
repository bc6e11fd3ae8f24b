type Task = () => void;

/**
 * Runs tasks as a poll of the operating system does what has come in on sockets: outside of the context of
 * whoever asked for them, and each with the microtasks that it makes before the next.
 */
export class TurnsOfIo {
  #due: Task[] = [];
  #isRunning = false;

  /** To be called outside of any request. It keeps the process busy until it is stopped. */
  start(): void {
    this.#isRunning = true;
    setImmediate(this.#turn);
  }

  stop(): void {
    this.#isRunning = false;
  }

  add(task: Task): void {
    this.#due.push(task);
  }

  readonly #turn = (): void => {
    const due = this.#due;
    this.#due = [];
    for (const task of due) setImmediate(task);
    if (this.#isRunning) setImmediate(this.#turn);
  };
}
