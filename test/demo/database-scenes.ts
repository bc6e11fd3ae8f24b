import { expect, it } from 'vitest';
import type { CollectedSpan, OtlpCollector } from '../support/otlp-collector.js';
import { childrenOf as childrenIn, eventsOf } from './span-facts.js';

/** What is asked for one after another, so that nothing but the demo's own statements is slow. */
export const DATABASE_PATHS = [
  ['POST', '/imports/user:77'],
  ['GET', '/reports/shards'],
  ['GET', '/keys/one-by-one'],
  ['GET', '/keys'],
] as const;

/** The tests of the traces that come of {@link DATABASE_PATHS}. */
export function itShowsWhatBecomesOfStatements(collectorOf: () => OtlpCollector): void {
  const one = (name: string): CollectedSpan => {
    const found = collectorOf().named(name);
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  const childrenOf = (parent: CollectedSpan) => childrenIn(collectorOf(), parent);
  const namesOf = (spans: readonly CollectedSpan[]) => spans.map(({ name }) => name);
  const outcomeOf = ({ attributes }: CollectedSpan) => attributes['typeorm.transaction.outcome'];

  it('shows a transaction that commits without the savepoint that failed', () => {
    const [transaction, ...more] = childrenOf(one('import'));
    expect(more).toEqual([]);
    expect(transaction).toMatchObject({ name: 'transaction', kind: 'SPAN_KIND_INTERNAL' });
    expect(outcomeOf(transaction!)).toBe('committed');
    const steps = childrenOf(transaction!);
    expect(namesOf(steps)).toEqual([
      'START TRANSACTION',
      'INSERT "lookup_demo_keys"',
      'DELETE "lookup_demo_entries"',
      'savepoint',
      'savepoint',
      'savepoint',
      'COMMIT',
    ]);
    const savepoints = steps.filter(({ name }) => name === 'savepoint');
    expect(savepoints.map(outcomeOf)).toEqual(['committed', 'committed', 'rolled_back']);
    expect(savepoints.map((savepoint) => namesOf(childrenOf(savepoint)).at(-1))).toEqual([
      'RELEASE SAVEPOINT',
      'RELEASE SAVEPOINT',
      'ROLLBACK TO SAVEPOINT',
    ]);
    const [, refused] = childrenOf(savepoints[2]!);
    expect(refused).toMatchObject({
      status: { code: 'STATUS_CODE_ERROR' },
      attributes: { 'db.response.status_code': '23505' },
    });
  });

  it('marks the slow query, with its duration', () => {
    const [query, ...more] = childrenOf(one('report shards'));
    expect(more).toEqual([]);
    const [[event, attributes] = []] = eventsOf(query!);
    expect(event).toBe('slow query');
    expect(Number(attributes?.['typeorm.query.duration_ms'])).toBeGreaterThanOrEqual(300);
  });

  it('marks the N+1 with its number, and not the join that cures it', () => {
    const oneByOne = one('list keys one by one');
    const statement = 'SELECT "lookup_demo_entries"';
    const queries = namesOf(childrenOf(oneByOne));
    const repeated = queries.filter((name) => name === statement).length;
    expect(repeated).toBe(queries.length - 1);
    expect(repeated).toBeGreaterThanOrEqual(5);
    const [[event, attributes] = []] = eventsOf(oneByOne);
    expect(event).toBe('repeated query');
    expect(attributes?.['db.query.summary']).toBe(statement);
    expect(Number(attributes?.['typeorm.query.count'])).toBe(repeated);

    const cured = one('list keys');
    expect(namesOf(childrenOf(cured))).toEqual(['SELECT "lookup_demo_keys" "lookup_demo_entries"']);
    expect(eventsOf(cured)).toEqual([]);
  });
}
