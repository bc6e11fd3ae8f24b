import { expect, it } from 'vitest';
import { factsOf } from './support/fixture.js';
import type { ToldSpan } from './support/told.js';
import { blocksOf } from './support/told.js';

interface Facts {
  readonly spans: readonly ToldSpan[];
  readonly during: number;
  readonly afterFirst: number;
  readonly afterBoth: number;
  readonly later: number;
}

it('K5 K17 two applications share one watchdog on an adopted SDK, and roots carry their block', async () => {
  const { spans, ...facts } = await factsOf<Facts>('adopted.mjs');
  expect(blocksOf({ spans }).map(({ span }) => span.name)).toEqual(['theirs', 'ours']);
  expect(facts).toEqual({ during: 1, afterFirst: 1, afterBoth: 0, later: 1 });
});
