import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine, valueText, visible } from './plain-text.js';
import { change, count, duration, percent, plural, plurals, slower } from './quantities.js';
import { formatStatement } from './statement.js';

describe('durations', () => {
  it.each([
    [0, '0 µs'],
    [7, '7 µs'],
    [999, '999 µs'],
    [999.9, '1 ms'],
    [1_500, '1.5 ms'],
    [12_340, '12.3 ms'],
    [999_999, '1 s'],
    [100_000, '100 ms'],
    [61_000_000, '1.02 min'],
  ])('%d µs is %s', (micros, text) => {
    expect(duration(micros)).toBe(text);
  });

  it('says changes, shares and counts', () => {
    expect([change(1_500), change(-20), change(0)]).toEqual(['+1.5 ms', '−20 µs', '±0']);
    expect([percent(0.034), percent(0.5), percent(0)]).toEqual(['3.4 %', '50 %', '0 %']);
    expect([count(12_345), plural(1, 'span'), plural(2, 'span')]).toEqual([
      '12,345',
      '1 span',
      '2 spans',
    ]);
  });
});

describe('sums', () => {
  it('say nothing of a change that there is none of, and no share of nothing', () => {
    expect([slower(138_000, 138_000), slower(0, 0), slower(7, 7.001)]).toEqual(['', '', '']);
    expect([slower(0, 50), slower(100, 50), slower(100, 103.4)]).toEqual([
      'slower',
      '50 % faster',
      '3.4 % slower',
    ]);
    expect([change(0.001), change(-0), change(-0.001), duration(-0)]).toEqual([
      '±0',
      '±0',
      '±0',
      '0 µs',
    ]);
  });

  it('call a little not nothing, almost all not all, and nothing of nothing no number', () => {
    expect([percent(0.000_1), percent(0.998), percent(1), percent(0 / 0)]).toEqual([
      '< 0.1 %',
      '> 99 %',
      '100 %',
      '–',
    ]);
  });

  it('name what there is of each, and what there is none of not at all', () => {
    expect(plurals([1, 'span'], [0, 'log line'])).toBe('1 span');
    expect(plurals([1, 'attribute'], [2, 'event'], [1, 'link'])).toBe(
      '1 attribute, 2 events and 1 link',
    );
  });
});

describe('statements', () => {
  it('stand in lines by their keywords', () => {
    const text =
      "SELECT a, b FROM t LEFT JOIN u ON u.id = t.id WHERE x = 'FROM y' AND z IN (SELECT 1 FROM v)";
    expect(formatStatement(text).split('\n')).toEqual([
      'SELECT a, b',
      'FROM t',
      'LEFT JOIN u',
      '  ON u.id = t.id',
      "WHERE x = 'FROM y'",
      '  AND z IN (SELECT 1',
      '  FROM v)',
    ]);
  });

  it('lose and change nothing but blanks, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        const bare = (some: string) => some.replace(/\s/g, '');
        expect(bare(formatStatement(text))).toBe(bare(text));
      }),
    );
  });

  it('take linear time', () => {
    const started = performance.now();
    formatStatement("'".repeat(19_999));
    formatStatement('/*'.repeat(9_999));
    formatStatement(' '.repeat(19_999));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('text of anybody', () => {
  it('P19 names control signs and what turns the direction of text', () => {
    expect(visible('a\u001b[31mb\u202ec\u0000')).toBe('a⟨1b⟩[31mb⟨202e⟩c⟨00⟩');
    expect(visible('tab\tand\nline')).toBe('tab\tand\nline');
    expect(oneLine('a\nb'.repeat(200), 5)).toBe('a ba …');
  });

  it('P19 shows maps with keys of any name', () => {
    const value = { pairs: [['__proto__', { pairs: [['x', 1]] }]] } as const;
    expect(JSON.parse(valueText(value))).toEqual(JSON.parse('{"__proto__": {"x": 1}}'));
    expect(valueText([1, 'a', null, true])).toBe('[1,"a",null,true]');
  });
});
