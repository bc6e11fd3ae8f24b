import { describe, expect, it } from 'vitest';
import { fixtureHouse } from '../testing/fixture-house.js';

describe('flat folders', () => {
  const folder = (count: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`span/f${index}.ts`, '']));

  it('finds the twenty-first file of a folder', () => {
    const { findings, figures } = fixtureHouse(folder(21));
    expect(findings).toEqual(['flat folder span/ 21 files directly in it: give each job a folder']);
    expect(figures['largest flat folder']).toBe(21);
  });

  it('counts neither specs nor the files of its folders', () => {
    const more = { 'span/f0.spec.ts': '', 'span/deep/a.ts': '' };
    const { findings, figures } = fixtureHouse({ ...folder(20), ...more });
    expect(findings).toEqual([]);
    expect(figures['largest flat folder']).toBe(20);
  });
});
