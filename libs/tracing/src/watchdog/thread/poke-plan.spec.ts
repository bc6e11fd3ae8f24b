import { expect, it } from 'vitest';
import { PokePlan } from './poke-plan.js';

/** Looks at each poll, as a watcher does, and returns when it would poke. */
function pokesIn(millis: number, plan: PokePlan, poll = 25): number[] {
  const looks = Array.from({ length: millis / poll }, (_, look) => (look + 1) * poll);
  return looks.filter((age) => plan.isDue(age));
}

it('K9 asks no more than 40 times in a stall of a minute', () => {
  const pokes = pokesIn(60_000, new PokePlan(100, 25));
  expect(pokes.length).toBeLessThanOrEqual(40);
  expect(pokes.slice(0, 8)).toEqual([50, 75, 100, 125, 150, 175, 200, 225]);
  expect(pokes.at(-1)).toBeGreaterThan(30_000);
});

it('asks from half the threshold on, anew in each stall', () => {
  const plan = new PokePlan(500, 50);
  expect(pokesIn(200, plan, 50)).toEqual([]);
  plan.reset();
  expect(pokesIn(300, plan, 50)).toEqual([250, 300]);
});
