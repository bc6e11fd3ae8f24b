import type { Stall } from '../pulse/stall.interface.js';
import type { Sample } from '../sampling/sample.interface.js';

/** From so late on it matters what held an answer up. */
const LONG_MILLIS = 40;
/** Code that runs for so much of a time on the processor only shares it with others. */
const RUNNING = 0.25;

/** What held an answer up for long: native code that ran, or a wait: for the processor, or in a call. */
export type HeldUpBy = 'native' | 'wait';

/** Why a sample came late, if it was late by far. */
export function heldUpBy(
  samples: readonly Sample[],
  sample: Sample,
  stall: Stall,
): HeldUpBy | undefined {
  const late = sample.answeredAt - sample.askedAt;
  if (late <= LONG_MILLIS) return undefined;
  return usedSinceAsked(samples, sample, stall) > RUNNING * late ? 'native' : 'wait';
}

/** Processor time between question and answer, at the least: all of what was before may have been used. */
function usedSinceAsked(samples: readonly Sample[], sample: Sample, stall: Stall): number {
  const before = samples.findLast(({ answeredAt }) => answeredAt <= sample.askedAt);
  const { answeredAt, cpuMillis } = before ?? {
    answeredAt: stall.startedAt,
    cpuMillis: stall.cpuFrom,
  };
  return sample.cpuMillis - cpuMillis - (sample.askedAt - answeredAt);
}
