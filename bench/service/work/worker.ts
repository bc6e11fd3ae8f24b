import { fork } from 'node:child_process';
import type { ChildProcess, ForkOptions } from 'node:child_process';
import { once } from 'node:events';
import type { Mode } from '../modes.js';

/** What a request of one batch has used. */
export interface Batch {
  readonly micros: number;
  readonly bytes: number;
}

/** How many requests come first, and then are measured. */
export interface Load {
  readonly warmUp: number;
  readonly batch: number;
  readonly batches: number;
}

/** The service of one mode, in a process of its own that is warm. */
export class Worker {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @param options what the process is run by */
  static async start(mode: Mode, load: Load, options: ForkOptions = {}): Promise<Worker> {
    const args = [mode, load.warmUp, load.batch, load.batches].map(String);
    const worker = new Worker(fork(`${import.meta.dirname}/process.js`, args, options));
    await worker.#answer();
    return worker;
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  async measure(): Promise<Batch[]> {
    this.#child.send('go');
    return (await this.#answer()) as Batch[];
  }

  stop(): void {
    this.#child.kill();
  }

  async #answer(): Promise<unknown> {
    const [message] = (await once(this.#child, 'message')) as [unknown];
    return message;
  }
}
