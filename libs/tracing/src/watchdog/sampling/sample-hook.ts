import { runInThisContext } from 'node:vm';
import { context } from '@opentelemetry/api';
import { clock, fromShared } from '../pulse/clock.js';
import { cpuMillis } from '../pulse/cpu-time.js';
import type { WatchMemory } from '../thread/watch-memory.js';
import { capture } from './capture.js';
import type { Sample } from './sample.interface.js';

/** More than one stall is ever asked for. */
const MAX_SAMPLES = 64;

/**
 * The function that a watcher has the main thread call while that is blocked. It runs as an interrupt, in
 * the middle of any code, this package's too: it notes when, where and for whom, and nothing else.
 */
export class SampleHook {
  readonly #memory: WatchMemory;
  readonly #describe: (sample: Sample) => string;
  readonly #key: symbol;
  readonly #hook = (beat: number, askedAt: number, tells: boolean): void =>
    this.#note(beat, askedAt, tells);
  #samples: Sample[] = [];

  /**
   * @param name of the global, as `Symbol.for` takes it
   * @param describe says where a stall is that may never end
   */
  constructor(memory: WatchMemory, name: string, describe: (sample: Sample) => string) {
    this.#memory = memory;
    this.#describe = describe;
    this.#key = Symbol.for(name);
  }

  /** @throws TypeError if the global object takes no more properties */
  install(): void {
    const value = this.#hook;
    Object.defineProperty(realGlobal(), this.#key, { value, configurable: true });
  }

  remove(): void {
    const globals = realGlobal();
    if (globals[this.#key] === this.#hook) Reflect.deleteProperty(globals, this.#key);
  }

  /** How many samples of the present stall there are. */
  get size(): number {
    return this.#samples.length;
  }

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  /** Takes the samples out. */
  take(): readonly Sample[] {
    const samples = this.#samples;
    if (samples.length > 0) this.#samples = [];
    return samples;
  }

  #note(beat: number, askedAt: number, tells: boolean): void {
    try {
      // Asked in a stall that is over.
      if (beat !== this.#memory.beat || this.#samples.length >= MAX_SAMPLES) return;
      const sample = {
        askedAt: fromShared(askedAt),
        answeredAt: clock(),
        cpuMillis: cpuMillis(),
        context: context.active(),
        stack: capture(this.#hook),
      };
      this.#samples.push(sample);
      if (tells) this.#memory.tell(this.#describe(sample));
    } catch {
      // What was interrupted goes on: there is nobody here who could be told.
    }
  }
}

/**
 * The global object that the inspector asks: not the one of here where this code runs in a context of
 * `node:vm`, as everything does in Jest.
 */
function realGlobal(): { [key: symbol]: unknown } {
  return runInThisContext('globalThis') as { [key: symbol]: unknown };
}
