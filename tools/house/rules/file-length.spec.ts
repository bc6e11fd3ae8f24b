import { describe, expect, it } from 'vitest';
import { fixtureHouse } from '../testing/fixture-house.js';

const comments = (count: number): string => '//\n'.repeat(count);

describe('long files', () => {
  const longFiles = [{ file: 'span/a.ts', reason: 'one table' }];

  it('finds a file of 201 lines, and passes one of 200', () => {
    const { findings } = fixtureHouse({ 'span/a.ts': comments(201), 'span/b.ts': comments(200) });
    expect(findings).toEqual([
      'long file span/a.ts:201 201 lines: split it, or give its reason in tools/house/long-files.ts',
    ]);
  });

  it('passes one with a reason, and counts it all the same', () => {
    const { findings, figures } = fixtureHouse({ 'span/a.ts': comments(201) }, { longFiles });
    expect(findings).toEqual([]);
    expect(figures['files over 200 lines']).toBe(1);
  });

  it('finds a reason that no file needs any more', () => {
    const { findings } = fixtureHouse({ 'span/a.ts': comments(200) }, { longFiles });
    expect(findings).toEqual([
      'long file tools/house/long-files.ts span/a.ts is not a long file any more: take it out',
    ]);
  });
});
