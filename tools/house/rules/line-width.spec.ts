import { describe, expect, it } from 'vitest';
import { fixtureHouse } from '../testing/fixture-house.js';

describe('wide lines', () => {
  it('finds one of more than 110 characters', () => {
    const wide = `//${'x'.repeat(109)}\n`;
    const { findings } = fixtureHouse({ 'span/a.ts': `${wide.slice(1)}${wide}` });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toBe('wide line span/a.ts:2 111 characters');
  });

  it('passes a link of a doc comment, which cannot be broken', () => {
    const link = ` * @see https://example.com/${'x'.repeat(100)}\n`;
    const { findings } = fixtureHouse({ 'span/a.ts': `/**\n${link} */\nconst a = 1;\n` });
    expect(findings).toEqual([]);
  });
});
