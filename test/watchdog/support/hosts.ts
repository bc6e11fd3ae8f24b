import type { RunPlan } from './fixture.js';
import { factsOf } from './fixture.js';
import type { ToldSpan } from './told.js';
import { blocksOf } from './told.js';

/** What was told of a block under the circumstances. */
export interface HostFacts {
  readonly atStart: readonly string[];
  readonly lines: readonly string[];
  readonly spans: readonly ToldSpan[];
  readonly isUnchanged: boolean;
  readonly globals: number;
  readonly watchdog: { readonly isOn: boolean; readonly pokes: number };
}

/** Blocks in an application that does, or lives in, what is named. */
export const on = (how: string, plan?: RunPlan): Promise<HostFacts> =>
  factsOf<HostFacts>('host.mjs', [how], plan);

/** The lines that spans name. */
export const linesNamed = (facts: HostFacts): unknown[] =>
  blocksOf(facts).map(({ attributes }) => attributes['code.line.number']);
