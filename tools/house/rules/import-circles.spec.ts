import { describe, expect, it } from 'vitest';
import { fixtureHouse } from '../testing/fixture-house.js';

describe('import circles', () => {
  it('counts a circle through type-only imports', () => {
    const { findings, figures } = fixtureHouse({
      'span/a.ts': "\nimport type { B } from './b.js';\nexport interface A { b: B }\n",
      'span/b.ts': "import type { A } from './a.js';\nexport interface B { a: A }\n",
    });
    expect(findings).toEqual(['import circle span/a.ts:2 span/a.ts → span/b.ts → span/a.ts']);
    expect(figures['import circles']).toBe(1);
  });

  it.each([
    ['export … from', "export { a } from './b.js';\n"],
    ['export * from', "export * from './b.js';\n"],
    ['import() of a value', "export const a = async () => (await import('./b.js')).b;\n"],
    ['import() of a type', "export type A = import('./b.js').B;\n"],
    ['an import without names', "import './b.js';\n"],
    ['the own name of the package', "import 'fixture';\n"],
  ])('counts one through %s', (_, text) => {
    const { findings } = fixtureHouse({
      'index.ts': "import './b.js';\n",
      'a.ts': text,
      'b.ts': "import './a.js';\n",
    });
    expect(findings.filter((finding) => finding.startsWith('import circle'))).toHaveLength(1);
  });

  it('names every circle of a knot, and a file that imports itself', () => {
    const { findings } = fixtureHouse({
      'span/a.ts': "import './b.js';\nimport './c.js';\n",
      'span/b.ts': "import './a.js';\n",
      'span/c.ts': "import './a.js';\n",
      'span/d.ts': "import './d.js';\n",
    });
    expect(findings).toEqual([
      'import circle span/a.ts:1 span/a.ts → span/b.ts → span/a.ts',
      'import circle span/a.ts:2 span/a.ts → span/c.ts → span/a.ts',
      'import circle span/d.ts:1 span/d.ts → span/d.ts',
    ]);
  });

  it('finds none where two ways lead to one file', () => {
    const { findings } = fixtureHouse({
      'span/a.ts': "import './b.js';\nimport './c.js';\n",
      'span/b.ts': "import './d.js';\n",
      'span/c.ts': "import './d.js';\n",
      'span/d.ts': '',
    });
    expect(findings).toEqual([]);
  });
});
