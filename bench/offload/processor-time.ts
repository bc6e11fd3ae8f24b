import type { Variant } from '../measure.js';

/** A call to another thread, and how to ask that thread for the processor time it has used. */
export interface ThreadedVariant extends Variant {
  readonly threadMicros: () => Promise<number>;
}

/** Microseconds of processor time of both threads for each call, turn by turn. */
export type TurnMicros = Record<string, number[]>;

/** Processor time is counted in ticks of some milliseconds: a turn must have many of them. */
const CALLS_A_TURN = 4_000;
/** As many as it takes until nothing is compiled any more. */
const WARM_UP_CALLS = 25_000;
const TURNS = 8;

/**
 * Runs variants by turns, each of them first in every second. Only the two threads count, not those on
 * which V8 compiles and collects garbage for both.
 */
export async function processorTime(variants: readonly ThreadedVariant[]): Promise<TurnMicros> {
  const micros: TurnMicros = {};
  for (const { call } of variants) await callOften(call, WARM_UP_CALLS);
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const variant of turn % 2 === 0 ? variants : variants.toReversed())
      (micros[variant.name] ??= []).push(await microsOf(variant));
  }
  return micros;
}

/** What a thread that asks itself has used. */
export function ownMicros(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

async function microsOf({ call, threadMicros }: ThreadedVariant): Promise<number> {
  const before = (await threadMicros()) + ownMicros();
  await callOften(call, CALLS_A_TURN);
  return ((await threadMicros()) + ownMicros() - before) / CALLS_A_TURN;
}

async function callOften(call: () => unknown, calls: number): Promise<void> {
  for (let made = 0; made < calls; made += 1) await call();
}
