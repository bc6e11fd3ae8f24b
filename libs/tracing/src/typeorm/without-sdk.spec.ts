import { trace } from '@opentelemetry/api';
import type { DataSource } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { Note, noteSource } from '../../../../test/typeorm/support/notes.js';
import { recordSpans } from '../testing/index.js';
import { instrumentDataSource } from './index.js';

/** What a DataSource answers to a series of operations, errors included. */
async function answersOf(dataSource: DataSource): Promise<unknown[]> {
  await dataSource.initialize();
  const notes = dataSource.getRepository(Note);
  const answers = [
    await notes.save([{ title: 'a' }, { title: 'b' }]),
    await notes.findAndCount(),
    await notes.update({ title: 'a' }, { title: 'c' }),
    await dataSource.query('SELECT title FROM note ORDER BY id'),
    await dataSource.createQueryRunner().query('SELECT 1 AS one', [], true),
    await notes.insert({ title: 'b' }).catch((error: Error) => [error.name, error.message]),
    await dataSource.transaction((manager) => manager.countBy(Note, { title: 'c' })),
  ];
  await dataSource.destroy();
  return answers;
}

describe('an instrumented DataSource', () => {
  it('B10 answers without an SDK as a bare one does', async () => {
    expect(trace.getActiveSpan()).toBeUndefined();
    expect(await answersOf(instrumentDataSource(noteSource()))).toEqual(
      await answersOf(noteSource()),
    );
  });

  it('B10 answers with an SDK as a bare one does', async () => {
    const bare = await answersOf(noteSource());
    const spans = recordSpans();
    expect(await answersOf(instrumentDataSource(noteSource()))).toEqual(bare);
    await spans.stop();
  });

  it('B4 traces the manager of a runner that was made without an SDK once it has begun a transaction', async () => {
    const dataSource = await instrumentDataSource(noteSource()).initialize();
    const runner = dataSource.createQueryRunner();
    const spans = recordSpans();
    const count = () => runner.manager.transaction((manager) => manager.count(Note));
    await count();
    expect(spans.named('transaction')).toHaveLength(1);
    spans.reset();
    await count();
    expect(spans.tree()).toBe(
      ['transaction', '  BEGIN TRANSACTION', '  SELECT "note"', '  COMMIT'].join('\n'),
    );
    await dataSource.destroy();
    await spans.stop();
  });

  it('B10 hands out the very promise of TypeORM without an SDK', () => {
    const dataSource = noteSource();
    const answer = Promise.resolve([]);
    const runner = { query: () => answer };
    Object.defineProperty(dataSource.driver, 'createQueryRunner', {
      value: () => runner,
      writable: true,
      configurable: true,
    });
    instrumentDataSource(dataSource);
    expect(dataSource.createQueryRunner().query('SELECT 1')).toBe(answer);
  });
});
