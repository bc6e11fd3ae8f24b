import { describe, expect, it } from 'vitest';
import { fixtureHouse } from '../testing/fixture-house.js';

const numbered = (count: number, line: (index: number) => string): string =>
  `${Array.from({ length: count }, (_, index) => line(index)).join('\n')}\n`;
const comments = (count: number): string => numbered(count, () => '//');

describe('long functions', () => {
  it.each([
    ['work', (body: string) => `function work() {\n${body}}\n`],
    ['work', (body: string) => `const work = () => {\n${body}};\n`],
    ['work', (body: string) => `class A { static async *work() {\n${body}} }\n`],
    ['constructor', (body: string) => `class A { constructor() {\n${body}} }\n`],
    ['work', (body: string) => `class A { get work() {\n${body}return 1; } }\n`],
    ['work', (body: string) => `const a = { work: function () {\n${body}} };\n`],
    ['a function without a name', (body: string) => `void (() => {\n${body}})();\n`],
  ])('finds one of 41 lines, and passes one of 40: %s', (name, withBody) => {
    expect(fixtureHouse({ 'span/a.ts': withBody(comments(39)) }).findings).toEqual([
      `long function span/a.ts:1 ${name} has 41 lines: it hides another function`,
    ]);
    expect(fixtureHouse({ 'span/a.ts': withBody(comments(38)) }).findings).toEqual([]);
  });

  it('does not count the doc comment, nor functions without a body', () => {
    const text = `/**\n${numbered(60, () => ' *')} */\nfunction a() {}\ndeclare function b(): void;\n`;
    const { findings, figures } = fixtureHouse({ 'span/a.ts': text });
    expect(findings).toEqual([]);
    expect(figures).toMatchObject({ functions: 1, 'median function': 1 });
  });

  it('measures median and p90', () => {
    const functions = numbered(10, (index) => `function f${index}() {\n${comments(index)}}`);
    const { figures } = fixtureHouse({ 'span/a.ts': functions });
    expect(figures).toMatchObject({ functions: 10, 'median function': 6, 'p90 function': 10 });
  });
});
