import { expect, it } from 'vitest';
import { factsOf } from './support/fixture.js';
import type { ToldSpan } from './support/told.js';
import { blocksOf } from './support/told.js';

it('K20 tells no span that encloses the culprit that it has waited, through a client of the process too', async () => {
  const { spans } = await factsOf<{ spans: readonly ToldSpan[] }>('own-request.mjs');
  const waited = spans.filter(({ attributes }) => attributes['event_loop.wait_ms'] !== undefined);
  expect(blocksOf({ spans }).map(({ span }) => span.name)).toEqual(['blocks']);
  expect(waited.map(({ name }) => name)).toEqual(['other']);
});
