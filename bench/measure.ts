import { do_not_optimize as keep } from 'mitata';
import { inOrder } from './turns.js';

/** One of the things that are compared. */
export interface Variant {
  readonly name: string;
  /** What is timed. A promise it answers is awaited before the next call. */
  readonly call: () => unknown;
}

/** Nanoseconds per call of each variant, one figure for each round, the same round at the same index. */
export type Samples = Record<string, number[]>;

/** How long to measure. */
export interface Effort {
  /** How often every variant gets its turn. */
  readonly rounds: number;
  /** How long one turn takes, in milliseconds: 20 at least by the time of a thread, which the kernel books so. */
  readonly turnMillis: number;
  /** How often every variant is called before anything counts. */
  readonly warmUpCalls: number;
  /** What is counted: the processor time of this thread alone, or all that passes. Default: 'wall'. */
  readonly clock?: keyof typeof CLOCKS;
}

/** In milliseconds. Whatever else runs on the machine takes from the wall's time, but not from a thread's. */
const CLOCKS = {
  wall: () => performance.now(),
  thread: () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  },
};

type Loop = (calls: number) => void | Promise<void>;

const WARM_UP_TURNS = 20;

/**
 * Times variants turn by turn, so that a slow moment of the machine falls on all of them. Only `do_not_optimize` is mitata's: its `measure` finishes one
 * subject before it begins the next, and compiles a new loop each time.
 */
export async function interleave(
  variants: readonly Variant[],
  { rounds, turnMillis, warmUpCalls, clock = 'wall' }: Effort,
): Promise<Samples> {
  const now = CLOCKS[clock];
  const loops = new Map<string, Loop>();
  for (const variant of variants) loops.set(variant.name, await compileLoop(variant));
  for (let turn = 0; turn < WARM_UP_TURNS; turn += 1) {
    for (const loop of loops.values()) await loop(warmUpCalls / WARM_UP_TURNS);
  }
  const calls = await callsPerTurn(loops, warmUpCalls / WARM_UP_TURNS, turnMillis, now);
  const samples: Samples = Object.fromEntries([...loops.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, loop] of inOrder([...loops], round)) {
      const count = calls.get(name) ?? 1;
      samples[name]?.push((await millisOf(loop, count, now)) * (1e6 / count));
    }
  }
  return samples;
}

/** Every variant gets a loop of its own: in a shared one the first would teach V8 what the others are. */
async function compileLoop({ call }: Variant): Promise<Loop> {
  const result = call();
  const isAsync = result instanceof Promise;
  await result;
  const [prefix, wait] = isAsync ? ['async', 'await'] : ['', ''];
  const source = `return ${prefix} (calls) => { for (let i = 0; i < calls; i += 1) keep(${wait} call()); }`;
  // oxlint-disable-next-line typescript/no-implied-eval -- closures of one source share what V8 learns
  return new Function('call', 'keep', source)(call, keep) as Loop;
}

async function callsPerTurn(
  loops: ReadonlyMap<string, Loop>,
  calls: number,
  turnMillis: number,
  now: () => number,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const [name, loop] of loops) {
    let count = Math.ceil(calls);
    let millis = await millisOf(loop, count, now);
    // The kernel books a thread's time every few milliseconds: until then none has passed.
    for (; millis < turnMillis; millis = await millisOf(loop, count, now)) count *= 2;
    counts.set(name, Math.max(1, Math.round((turnMillis / millis) * count)));
  }
  return counts;
}

async function millisOf(loop: Loop, calls: number, now: () => number): Promise<number> {
  const start = now();
  await loop(calls);
  return now() - start;
}
