import { describe, expect, it } from 'vitest';
import { fixtureHouse } from '../testing/fixture-house.js';

describe('any', () => {
  it('counts the type, and not the word', () => {
    const text = '// any\nlet any: any, b = "any", c: Array<any>, d = b as any;\n';
    expect(fixtureHouse({ 'span/a.ts': text }).figures['any']).toBe(3);
  });
});
