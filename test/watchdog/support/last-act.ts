import { expect } from 'vitest';
import type { RunPlan } from './fixture.js';
import { factsOf } from './fixture.js';

interface Facts {
  readonly told: readonly { readonly form: string; readonly blamed: readonly { name: string }[] }[];
  readonly stalls: number;
}

/** Runs every form so often and expects that nobody is blamed who has only come next. */
export async function expectNobodyElse(turns: number, plan: RunPlan = {}): Promise<void> {
  const { told, stalls } = await factsOf<Facts>('last-act.mjs', [String(turns)], plan);
  const others = told.flatMap(({ form, blamed }) =>
    blamed.filter(({ name }) => name !== 'culprit').map((span) => ({ form, ...span })),
  );
  expect(told).toHaveLength(5 * turns);
  // They are seen, all the same; those in which the machine had no processor for it do not count.
  expect(stalls).toBeGreaterThanOrEqual(turns);
  expect(others).toEqual([]);
}
