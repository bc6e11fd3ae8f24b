import { describe, expect, it } from 'vitest';
import { fixtureHouse } from '../testing/fixture-house.js';

describe('package size', () => {
  it('tells code, doc comments and the rest apart', () => {
    const text = `/**
 * Doc.
 */
interface A {
  /** Doc. */ a: string; // code
  // a comment
  b: '/** no doc */'; /** doc */
  /** doc
   * of a brace */
}

/* a comment */
const c = \`
/** no doc \${1}
\`;
`;
    const { figures } = fixtureHouse({ 'span/a.ts': text, 'span/b.ts': '\n' });
    expect(figures).toMatchObject({ files: 2, lines: 16, 'lines of code': 7, 'doc lines': 7 });
  });
});
