import { expect, it } from 'vitest';
import { factsOf, runFixture } from './support/fixture.js';
import type { ToldSpan } from './support/told.js';
import { blocksOf } from './support/told.js';

const SECONDS = 20;
/** What `%GetOptimizationStatus` says of code of the optimising compiler. */
const OPTIMISED = 1 << 4;

interface LongStall {
  readonly spans: readonly ToldSpan[];
  readonly asked: number;
}

interface Optimised {
  readonly before: number;
  readonly after: number;
  readonly asked: number;
  readonly name: string;
}

it('K9 asks no more than 40 times in a stall of 20 seconds, and tells of its whole length', async () => {
  const { spans, asked } = await factsOf<LongStall>('long-stall.mjs', [String(SECONDS)]);
  const [block] = blocksOf({ spans });
  expect(block?.millis).toBeGreaterThan(0.95 * 1000 * SECONDS);
  expect(asked).toBeGreaterThan(8);
  expect(asked).toBeLessThanOrEqual(40);
});

it('K9 leaves optimised code optimised, however often it is asked where it is', async () => {
  const flags = ['--allow-natives-syntax', '--trace-deopt'];
  const { stdout, stderr } = await runFixture('optimised.mjs', [], { flags });
  const facts = /\{"before".*\}/.exec(stdout)?.[0];
  if (facts === undefined) throw new Error(`nothing was told:\n${stdout}\n${stderr}`);
  const { before, after, asked, name } = JSON.parse(facts) as Optimised;
  expect(asked).toBeGreaterThan(3);
  expect(name).toBe('hot');
  expect([before & OPTIMISED, after]).toEqual([OPTIMISED, before]);
  expect(stdout.match(/deoptimizing .*JSFunction hot\b.*/g)).toBeNull();
});
