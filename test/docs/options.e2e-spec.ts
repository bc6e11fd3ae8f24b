import { describe, expect, it } from 'vitest';
import { pageAt } from './support/pages.js';
import { codeIn, tableRows } from './support/table-rows.js';

const rows = tableRows(pageAt('docs/options.md'));

describe('docs/options.md', () => {
  it('names one option a row, with type, default and meaning', () => {
    expect(rows.length).toBeGreaterThan(60);
    const wrong = rows.filter(({ cells }) => {
      const [option = '', ...others] = cells;
      const isPath = /^`[A-Za-z.]+`$/.test(option) && codeIn(option).length === 1;
      return !isPath || others.length !== 3 || others.includes('');
    });
    expect(wrong).toEqual([]);
  });

  it('names no option of a section twice', () => {
    const named = rows.map(({ section, cells }) => `${section}: ${cells[0]}`);
    expect(named.filter((name, index) => named.indexOf(name) !== index)).toEqual([]);
  });
});
