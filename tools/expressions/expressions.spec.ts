import { describe, expect, it } from 'vitest';
import { expressionsIn } from './find-expressions.js';

process.env['RECHECK_BACKEND'] = 'pure';
const { checkExpression } = await import('./check-expressions.js');

const check = (code: string) =>
  expressionsIn('a.ts', code).map((found) => {
    const { at, cost, linear } = checkExpression(found);
    return { at, cost, linear };
  });

describe('the checker of regular expressions', () => {
  it('H11 finds those that are quadratic or worse, wherever they stand', () => {
    expect(check('const a = 1;\nconst b = /\\[([^\\]]+)\\]$/.exec(a);')).toEqual([
      { at: 'a.ts:2', cost: '2nd degree polynomial', linear: false },
    ]);
    expect(check('text.replace(/^(a|a)*$/g, b)')).toMatchObject([{ linear: false }]);
    expect(check('`${text.split(/\\s+$/)}`')).toMatchObject([{ linear: false }]);
  });

  it('H11 passes those that are linear', () => {
    expect(check('const HEADER = /^([\\da-f]{2})-(.*)?$/u;')).toMatchObject([{ linear: true }]);
    expect(check('const half = a / b / c;')).toEqual([]);
  });

  it('H11 finds those that nobody can check', () => {
    expect(check('new RegExp(pattern); RegExp("a")')).toMatchObject([
      { cost: 'made at run time', linear: false },
      { cost: 'made at run time', linear: false },
    ]);
  });
});
