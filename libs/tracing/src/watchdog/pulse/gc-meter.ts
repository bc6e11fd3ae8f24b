import { GCProfiler } from 'node:v8';

/**
 * Measures how long garbage collections took. Node's performance entries come only after the turn in which
 * they were, when a span that ends in it has gone; this can be read at once, and costs as little.
 */
export class GcMeter {
  #profiler: GCProfiler | undefined;
  #millis = 0;

  /** Measures from now on. */
  restart(): void {
    this.stop();
    this.#profiler = new GCProfiler();
    this.#profiler.start();
  }

  stop(): void {
    this.#profiler?.stop();
    this.#profiler = undefined;
    this.#millis = 0;
  }

  /** Milliseconds that collections took since it was started. */
  read(): number {
    if (this.#profiler === undefined) return 0;
    const { statistics } = this.#profiler.stop() as unknown as {
      statistics: readonly { cost: number }[];
    };
    for (const { cost } of statistics) this.#millis += cost / 1000;
    this.#profiler = new GCProfiler();
    this.#profiler.start();
    return this.#millis;
  }
}
