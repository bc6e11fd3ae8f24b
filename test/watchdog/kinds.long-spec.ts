import { expect, it, vi } from 'vitest';
import { factsOf } from './support/fixture.js';

vi.setConfig({ testTimeout: 300_000 });

interface KindFigure {
  readonly name: string;
  readonly runs: number;
  readonly rightSpan: number;
  readonly rightLine: number;
  readonly blamed: number;
}

it('K3 names span and line of every kind of block, among innocents of which it blames none', async () => {
  const kinds = await factsOf<KindFigure[]>('table.mjs', ['2']);
  expect(kinds.length).toBeGreaterThanOrEqual(20);
  expect(kinds.filter(({ blamed }) => blamed > 0)).toEqual([]);
  const sum = (of: (kind: KindFigure) => number): number =>
    kinds.reduce((all, kind) => all + of(kind), 0);
  expect(sum(({ rightSpan }) => rightSpan)).toBeGreaterThanOrEqual(0.95 * sum(({ runs }) => runs));
  expect(sum(({ rightLine }) => rightLine)).toBeGreaterThanOrEqual(0.95 * sum(({ runs }) => runs));
});
