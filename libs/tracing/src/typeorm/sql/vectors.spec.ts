import { describe, expect, it } from 'vitest';
import { FAMILIES, vectorsOf } from '../../../../../test/typeorm/support/vectors/index.js';
import { describeStatement } from './describe-statement.js';
import { dialectOf } from './dialect.js';

describe.each(FAMILIES)('B6 B7 a statement of $system', (family) => {
  const dialect = dialectOf(family.system);
  const vectors = vectorsOf(family);

  it('has at least 150 vectors', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(150);
  });

  it.each(vectors)('%j is %j', (sql, text, summary) => {
    const described = describeStatement(sql, dialect, false);
    expect({ text: described.text, summary: described.summary }).toEqual({ text, summary });
    expect(describeStatement(text, dialect, false).text).toBe(text);
  });
});
