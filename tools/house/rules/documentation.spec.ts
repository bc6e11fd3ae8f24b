import { describe, expect, it } from 'vitest';
import { fixtureHouse } from '../testing/fixture-house.js';

describe('documentation', () => {
  it('finds a public export without TSDoc where it is declared', () => {
    const { findings, figures } = fixtureHouse({
      'index.ts':
        "export { a, B } from './span/a.js';\nexport type { C as D } from './span/a.js';\n",
      'pino/index.ts': "export { B } from '../span/a.js';\n",
      'span/a.ts': `
// Says nothing to who uses it.
export const a = 1;
/** Is told. */
export class B {}
/* Nor this. */
export interface C {}
`,
    });
    expect(findings).toEqual([
      'missing TSDoc span/a.ts:3 a is public and says nothing',
      'missing TSDoc span/a.ts:7 C is public and says nothing',
    ]);
    expect(figures).toMatchObject({ 'public exports': 3, 'public exports without TSDoc': 2 });
  });

  it('takes one doc for all overloads, and asks none of what is not public', () => {
    const { findings } = fixtureHouse({
      'index.ts': "export { a } from './span/a.js';\nimport { b } from './span/a.js';\nvoid b;\n",
      'span/a.ts': `
/** Does it. */
export function a(x: string): void;
export function a(x: number): void;
export function a() {}
export const b = 1;
`,
    });
    expect(findings).toEqual([]);
  });
});
