import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ConflictException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { Note } from '../../../../../test/typeorm/support/notes.js';
import { inSpan } from '../../../../../test/typeorm/support/storm.js';
import { trackNotes } from '../../../../../test/typeorm/support/tracked-notes.js';

const ISOLATION = 'typeorm.transaction.isolation_level';
const OUTCOME = 'typeorm.transaction.outcome';

describe('B4 the span of a transaction', () => {
  const notes = trackNotes();
  const outcomes = () => notes.spans.finished.map((span) => span.attributes[OUTCOME]);

  it('is active around the callback and holds all of its statements', async () => {
    const dataSource = await notes.start();
    await inSpan('request', () =>
      dataSource.transaction(async (manager) => {
        await inSpan('work', () => manager.save(Note, { title: 'a' }));
        return manager.count(Note);
      }),
    );
    expect(notes.spans.tree()).toBe(
      [
        'request',
        '  transaction',
        '    BEGIN TRANSACTION',
        '    work',
        '      INSERT "note"',
        '    SELECT "note"',
        '    COMMIT',
      ].join('\n'),
    );
    const { kind, attributes, status } = notes.spans.one('transaction');
    expect(kind).toBe(SpanKind.INTERNAL);
    expect(attributes).toEqual({ 'db.system.name': 'sqlite', [OUTCOME]: 'committed' });
    expect(status.code).toBe(SpanStatusCode.UNSET);
  });

  it('answers what the callback answers and says the isolation level', async () => {
    const dataSource = await notes.start();
    const answer = await dataSource.transaction('SERIALIZABLE', () => Promise.resolve(7));
    expect(answer).toBe(7);
    expect(notes.spans.one('transaction').attributes[ISOLATION]).toBe('SERIALIZABLE');
  });

  it('is an error and rolled back when the callback throws, with the very error', async () => {
    const dataSource = await notes.start();
    const error = new RangeError('no');
    await expect(dataSource.transaction(() => Promise.reject(error))).rejects.toBe(error);
    const { attributes, status } = notes.spans.one('transaction');
    expect(attributes).toMatchObject({ [OUTCOME]: 'rolled_back', 'error.type': 'RangeError' });
    expect(status.code).toBe(SpanStatusCode.ERROR);
    expect(notes.spans.named('ROLLBACK')).toHaveLength(1);
  });

  it('is rolled back but no error when an expected exception is thrown', async () => {
    const dataSource = await notes.start();
    const conflict = () => Promise.reject(new ConflictException());
    await expect(dataSource.transaction(conflict)).rejects.toThrow(ConflictException);
    const { attributes, status } = notes.spans.one('transaction');
    expect(attributes[OUTCOME]).toBe('rolled_back');
    expect(status.code).toBe(SpanStatusCode.UNSET);
  });

  it('nests as a savepoint, which may fail alone', async () => {
    const dataSource = await notes.start();
    await dataSource.transaction(async (manager) => {
      const inner = manager.transaction(() => Promise.reject(new Error('inner')));
      await expect(inner).rejects.toThrow('inner');
    });
    expect(notes.spans.tree()).toBe(
      [
        'transaction',
        '  BEGIN TRANSACTION',
        '  savepoint status=ERROR',
        '    SAVEPOINT',
        '    ROLLBACK TO SAVEPOINT',
        '  COMMIT',
      ].join('\n'),
    );
    expect(notes.spans.one('savepoint').attributes[OUTCOME]).toBe('rolled_back');
    expect(notes.spans.one('transaction').attributes[OUTCOME]).toBe('committed');
  });

  it('covers one by hand: its statements keep their parent and link to it', async () => {
    const dataSource = await notes.start();
    await inSpan('request', async () => {
      const runner = dataSource.createQueryRunner();
      await runner.startTransaction();
      await inSpan('work', () => runner.query('SELECT 1'));
      await runner.commitTransaction();
      await runner.query('SELECT 2');
      await runner.release();
    });
    const children = (name: string) =>
      notes.spans.childrenOf(notes.spans.one(name)).map((span) => span.name);
    expect(children('request').toSorted()).toEqual(
      ['BEGIN TRANSACTION', 'COMMIT', 'SELECT', 'transaction', 'work'].toSorted(),
    );
    expect(children('work')).toEqual(['SELECT']);
    expect(children('transaction')).toEqual([]);
    const transaction = notes.spans.one('transaction').spanContext();
    const linked = notes.spans.finished.filter(({ links }) => links.length > 0);
    expect(linked.map((span) => span.name)).toEqual(['BEGIN TRANSACTION', 'SELECT', 'COMMIT']);
    for (const { links } of linked) expect(links[0]?.context).toEqual(transaction);
  });

  it('ends by hand at the rollback, which is no error', async () => {
    const dataSource = await notes.start();
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.rollbackTransaction();
    const { attributes, status } = notes.spans.one('transaction');
    expect(attributes[OUTCOME]).toBe('rolled_back');
    expect(status.code).toBe(SpanStatusCode.UNSET);
  });

  it('covers one on a runner without a manager, as drivers make them', async () => {
    const dataSource = await notes.start();
    const runner = dataSource.driver.createQueryRunner('master');
    Reflect.deleteProperty(runner, 'manager');
    await runner.startTransaction();
    await runner.commitTransaction();
    expect(notes.spans.one('transaction').attributes[OUTCOME]).toBe('committed');
  });

  it('has savepoints by hand inside of a callback', async () => {
    const dataSource = await notes.start();
    await dataSource.transaction(async ({ queryRunner }) => {
      await queryRunner?.startTransaction();
      await queryRunner?.commitTransaction();
    });
    expect(notes.spans.one('savepoint').attributes[OUTCOME]).toBe('committed');
    expect(notes.spans.one('transaction').attributes[OUTCOME]).toBe('committed');
  });

  it('is abandoned when its DataSource is destroyed', async () => {
    const dataSource = await notes.start();
    await dataSource.createQueryRunner().startTransaction();
    await dataSource.destroy();
    expect(notes.spans.one('transaction').attributes[OUTCOME]).toBe('abandoned');
  });

  it('fails when it cannot be started', async () => {
    const dataSource = await notes.start();
    const unsupported = dataSource.transaction('SNAPSHOT' as never, () => Promise.resolve());
    await expect(unsupported).rejects.toThrow();
    expect(notes.spans.one('transaction').attributes[OUTCOME]).toBe('failed');
    const runner = dataSource.createQueryRunner();
    await expect(runner.startTransaction('SNAPSHOT' as never)).rejects.toThrow();
    expect(outcomes()).toEqual(['failed', 'failed']);
  });

  it('is none for the transaction of save() and remove(), unless it is asked for', async () => {
    const dataSource = await notes.start();
    const note = await dataSource.manager.save(Note, { title: 'a' });
    await dataSource.getRepository(Note).remove(note as Note);
    expect(notes.spans.named('transaction')).toEqual([]);
    const asking = await notes.start({ implicitTransactions: true });
    await inSpan('request', () => asking.getRepository(Note).save({ title: 'b' }));
    const children = notes.spans.childrenOf(notes.spans.one('request'));
    expect(children.map((span) => span.name).toSorted()).toEqual(
      ['BEGIN TRANSACTION', 'COMMIT', 'INSERT "note"', 'transaction'].toSorted(),
    );
  });

  it('keeps two callers apart that share the one runner of SQLite', async () => {
    const dataSource = await notes.start();
    const started = Promise.withResolvers<void>();
    const others = Promise.withResolvers<void>();
    const first = inSpan('a', () =>
      dataSource.transaction(async (manager) => {
        started.resolve();
        await others.promise;
        return manager.count(Note);
      }),
    );
    await started.promise;
    await inSpan('b', () => dataSource.transaction((manager) => manager.count(Note)));
    others.resolve();
    await first;
    const owner = (id: string | undefined) =>
      notes.spans.finished.find((span) => span.spanContext().spanId === id);
    for (const select of notes.spans.named('SELECT "note"')) {
      const transaction = owner(select.parentSpanContext?.spanId);
      expect(transaction?.name).toBe('transaction');
      expect(['a', 'b']).toContain(owner(transaction?.parentSpanContext?.spanId)?.name);
    }
    expect(notes.spans.named('SELECT "note"')).toHaveLength(2);
    expect(trace.getActiveSpan()).toBeUndefined();
  });
});
