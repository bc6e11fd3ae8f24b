import { writeSync } from 'node:fs';
import type { Poke } from './poke.js';
import { createPoke } from './poke.js';
import { PokePlan } from './poke-plan.js';
import { starvedMillis } from './starvation.js';
import type { WatchData } from './watch-data.interface.js';
import { WATCH, WatchMemory } from './watch-memory.js';

const STDERR = 2;
/** From so many times the threshold on a stall may never end, and is told of while it lasts. */
const ENDLESS_FACTOR = 10;
/** How long the main thread may take to say where it is, before it is told that it says nothing. */
const ANSWER_MILLIS = 500;

/** Starts to watch the heartbeat of the main thread from this one. Keeps no thread alive. */
export async function startWatching(data: WatchData): Promise<void> {
  const memory = new WatchMemory(data.memory);
  try {
    const watcher = new Watcher(data, memory, await createPoke());
    memory.markReady();
    await watcher.run();
  } catch {
    memory.markFailed(); // the application's thread says so, and reports without a line
  }
}

/** Sees the heartbeat stop and pokes the thread whose it is. */
class Watcher {
  readonly #data: WatchData;
  readonly #memory: WatchMemory;
  readonly #poke: Poke;
  readonly #plan: PokePlan;
  #beat = 0;
  #beatAt = 0;
  #lookedAt = 0;
  /** When the thread was asked to say where it is, in this stall. */
  #askedAt: number | undefined;
  #hasTold = false;
  /** What the kernel had on its account at the last look that saw the heart beat. */
  #starvedBefore = 0;

  constructor(data: WatchData, memory: WatchMemory, poke: Poke) {
    this.#data = data;
    this.#memory = memory;
    this.#poke = poke;
    this.#plan = new PokePlan(data.thresholdMillis, data.pollMillis);
  }

  async run(): Promise<void> {
    for (;;) {
      await this.#memory.untilWanted();
      if (this.#memory.state === WATCH.close) return;
      await this.#watch();
    }
  }

  /** Looks at the heartbeat again and again, until it is at rest. */
  #watch(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#lookedAt = performance.now();
    this.#startOver(this.#lookedAt);
    const timer = setTimeout(() => {
      if (this.#memory.state !== WATCH.watch) return resolve();
      try {
        this.#look();
        timer.refresh();
      } catch (error) {
        reject(error as Error);
      }
    }, this.#data.pollMillis);
    timer.unref();
    return promise;
  }

  #look(): void {
    const now = performance.now();
    // While this thread did not run either, nobody was blocked: the machine slept or had no time for us.
    const late = now - this.#lookedAt - this.#data.pollMillis;
    if (late > 1) this.#beatAt += late;
    this.#lookedAt = now;
    if (this.#memory.beat !== this.#beat) return this.#startOver(now);
    const age = now - this.#beatAt;
    if (age > this.#data.pollMillis) this.#noteStarvation();
    if (this.#plan.isDue(age, this.#memory.isInspected ? 1 : undefined)) this.#ask(false);
    this.#tellOfEndless(now, age);
  }

  #noteStarvation(): void {
    this.#memory.starvedMillis = starvedMillis() - this.#starvedBefore;
  }

  #startOver(now: number): void {
    this.#beat = this.#memory.beat;
    this.#beatAt = now;
    this.#askedAt = undefined;
    this.#hasTold = false;
    this.#plan.reset();
    this.#starvedBefore = starvedMillis();
    this.#memory.starvedMillis = 0;
  }

  #ask(tells: boolean): void {
    const askedAt = Number(process.hrtime.bigint()) / 1e6;
    const hook = `globalThis[Symbol.for(${JSON.stringify(this.#data.hook)})]`;
    this.#memory.addPoke();
    this.#poke(`${hook}?.(${this.#beat},${askedAt},${tells})`);
  }

  /** Main may never return to say it itself. */
  #tellOfEndless(now: number, age: number): void {
    if (this.#hasTold || age < ENDLESS_FACTOR * this.#data.thresholdMillis) return;
    if (this.#askedAt === undefined) {
      this.#memory.takeTold();
      this.#askedAt = now;
      return this.#ask(true);
    }
    const told = this.#memory.takeTold();
    if (told === undefined && now - this.#askedAt < ANSWER_MILLIS) return;
    this.#hasTold = true;
    const isStarved = this.#memory.starvedMillis > age / 2;
    const isSilent = isStarved || this.#memory.isInspected || this.#data.isQuiet;
    const where = told ?? (isSilent ? '' : ', in a call that has not returned');
    if (where !== '') writeLine(`the event loop has been blocked for ${seconds(age)} s${where}`);
  }
}

/** The stream of a thread writes by way of the main thread, which is blocked. */
function writeLine(text: string): void {
  try {
    writeSync(STDERR, `nestjs-tracing: ${text}. It still is.\n`);
  } catch {
    // Nobody reads it, or the pipe is full: there is nowhere else to say it.
  }
}

function seconds(millis: number): string {
  return (millis / 1000).toFixed(1);
}
