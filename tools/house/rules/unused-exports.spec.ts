import { describe, expect, it } from 'vitest';
import { FIXTURE_RULES, fixtureHouse } from '../testing/fixture-house.js';

describe('unused exports', () => {
  const unused = (files: Record<string, string>, keptExports = FIXTURE_RULES.keptExports) =>
    fixtureHouse({ 'index.ts': "import './span/a.js';\n", ...files }, { keptExports }).findings;

  it('finds an export that nothing uses, or its own file alone', () => {
    const text = 'export const a = 1;\n\nexport interface B {}\nexport let b: B, c = 1;\n';
    expect(unused({ 'span/a.ts': text })).toEqual([
      'unused export span/a.ts:1 nothing in the library uses a: take it out',
      'unused export span/a.ts:3 only this file uses B: take its "export" away',
      'unused export span/a.ts:4 nothing in the library uses b: take it out',
      'unused export span/a.ts:4 nothing in the library uses c: take it out',
    ]);
  });

  it('does not count what specs import', () => {
    const files = {
      'span/a.ts': 'export const a = 1;\n',
      'span/a.spec.ts': "import { a } from './a.js';\nvoid a;\n",
    };
    expect(unused(files)).toHaveLength(1);
  });

  it.each([
    ['a function', 'export function a() {}'],
    ['a class', 'export class a {}'],
    ['a type', 'export type a = 1;'],
    ['an enum', 'export enum a {}'],
    ['a binding', 'export const { x: [a] } = { x: [1] };'],
    ['a list', 'const b = 1;\nexport { b as a };'],
    ['a list of what is imported', "import { b as c } from './b.js';\nexport { c as a };"],
    ['export … from', "export { b as a } from './b.js';"],
    ['export * as', "export * as a from './b.js';"],
  ])('finds %s', (_, text) => {
    const files = { 'span/a.ts': `${text}\n`, 'span/b.ts': 'export const b = 1;\n' };
    const imported = { ...files, 'c.ts': "import { b } from './span/b.js';\nvoid b;\n" };
    expect(unused(imported).filter((finding) => finding.includes(' a: '))).toHaveLength(1);
  });

  it.each([
    ['an import', "import { a } from './span/a.js';\nvoid a;\n"],
    ['an import by another name', "import { a as b } from './span/a.js';\nvoid b;\n"],
    ['a type-only import', "import { type a } from './span/a.js';\n"],
    ['a namespace', "import * as all from './span/a.js';\nvoid all;\n"],
    ['import()', "void (async () => { const { a } = await import('./span/a.js'); void a; });\n"],
    ['import() of everything', "void import('./span/a.js');\n"],
    ['a type query', "let a: typeof import('./span/a.js').a;\n"],
    ['a namespace that is exported', "/** Is all. */\nexport * as all from './span/a.js';\n"],
    ['a public name', "export { a } from './span/a.js';\n"],
    ['export *', "export * from './span/a.js';\n"],
  ])('passes what is used through %s', (_, index) => {
    const documented = '/** Is one. */\nexport const a = 1;\n';
    expect(unused({ 'index.ts': index, 'span/a.ts': documented })).toEqual([]);
  });

  it('takes import() by the names it takes', () => {
    const index = "void (async () => { const { a } = await import('./span/a.js'); void a; });\n";
    const text = 'export const a = 1;\nexport const b = 1;\n';
    expect(unused({ 'index.ts': index, 'span/a.ts': text })).toEqual([
      'unused export span/a.ts:2 nothing in the library uses b: take it out',
    ]);
  });

  it('follows what goes from file to file, and finds where it ends unused', () => {
    const files = {
      'index.ts': "export { b } from './span/b.js';\n",
      'span/b.ts': "export { a as b, c } from './a.js';\n",
      'span/a.ts': '/** Is one. */\nexport const a = 1;\nexport const c = 1;\n',
    };
    expect(unused(files)).toEqual([
      'unused export span/a.ts:3 nothing in the library uses c: take it out',
      'unused export span/b.ts:1 nothing in the library uses c: take it out',
    ]);
  });

  it('finds a default export', () => {
    const files = { 'span/a.ts': 'export default function work() {}\n' };
    expect(unused(files)).toHaveLength(1);
    const index = "import work from './span/a.js';\nwork();\n";
    expect(unused({ ...files, 'index.ts': index })).toEqual([]);
  });

  it('keeps what is named with its reason while it is unused', () => {
    const kept = [{ file: 'span/a.ts', name: 'a', reason: 'loaded by its path' }];
    const files = { 'span/a.ts': 'export const a = 1;\n' };
    expect(unused(files, kept)).toEqual([]);
    const index = "import { a } from './span/a.js';\nvoid a;\n";
    expect(unused({ ...files, 'index.ts': index }, kept)).toEqual([
      'unused export tools/house/kept-exports.ts a of span/a.ts is imported, or gone: take it out',
    ]);
  });
});
