import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator, isTracingSuppressed } from '@opentelemetry/core';
import { describe, expect, it } from 'vitest';
import { Note } from '../../../../test/typeorm/support/notes.js';
import { inSpan } from '../../../../test/typeorm/support/storm.js';
import { trackNotes } from '../../../../test/typeorm/support/tracked-notes.js';
import { withTraceComment } from './statement/sql-comment.js';

const notes = trackNotes();
const parameterOf = (name: string, key: string) =>
  notes.spans.one(name).attributes[`db.query.parameter.${key}`];

describe('B8 what is asked for', () => {
  it('records parameters by index, each as text', async () => {
    const dataSource = await notes.start({ parameters: true });
    await dataSource.query('SELECT ?, ?, ?', ['a', 1, null]);
    expect(['0', '1', '2'].map((key) => parameterOf('SELECT', key))).toEqual(['a', '1', 'null']);
    notes.spans.reset();
    await dataSource.query('SELECT ?', [new Uint8Array(3)]);
    expect(parameterOf('SELECT', '0')).toBe('<3 bytes>');
  });

  it('counts the rows that are returned', async () => {
    const dataSource = await notes.start({ returnedRows: true });
    await dataSource.manager.save(Note, [{ title: 'a' }, { title: 'b' }]);
    await dataSource.query('SELECT * FROM note');
    await dataSource.createQueryRunner().query('SELECT 1 LIMIT 0', [], true);
    expect(notes.spans.one('SELECT note').attributes['db.response.returned_rows']).toBe(2);
    expect(notes.spans.one('SELECT').attributes['db.response.returned_rows']).toBe(0);
  });

  it('marks slow statements, and only them', async () => {
    const dataSource = await notes.start({ slowQueryMillis: 0 });
    await dataSource.query('SELECT 1');
    const [event] = notes.spans.one('SELECT').events;
    expect(event?.name).toBe('slow query');
    expect(event?.attributes?.['typeorm.query.duration_ms']).toBeGreaterThanOrEqual(0);
    const patient = await notes.start({ slowQueryMillis: 60_000 });
    await patient.query('SELECT 1');
    expect(notes.spans.one('SELECT').events).toEqual([]);
  });

  it('marks the span under which a statement repeats, with the number', async () => {
    const dataSource = await notes.start({ repeatedQueries: 5 });
    const repository = dataSource.getRepository(Note);
    await inSpan('n plus 1', async () => {
      for (let id = 0; id < 7; id += 1) await repository.findOneBy({ id });
      for (let id = 0; id < 4; id += 1) await repository.insert({ title: `${id}` });
    });
    await inSpan('cured', () => repository.find());
    expect(notes.spans.one('n plus 1').events).toMatchObject([
      {
        name: 'repeated query',
        attributes: { 'db.query.summary': 'SELECT "note"', 'typeorm.query.count': 7 },
      },
    ]);
    expect(notes.spans.one('cured').events).toEqual([]);
  });

  it('AU15 collapses statements that repeat, and marks the span that they have together', async () => {
    const dataSource = await notes.start({ collapseRepeats: true, slowQueryMillis: 0 });
    const repository = dataSource.getRepository(Note);
    await inSpan('n plus 1', async () => {
      for (let id = 0; id < 30; id += 1) await repository.findOneBy({ id });
    });
    const statements = notes.spans.named('SELECT "note"');
    expect(statements).toHaveLength(21);
    const summary = statements.find(({ attributes }) => 'async.collapsed.count' in attributes);
    expect(summary?.kind).toBe(SpanKind.CLIENT);
    expect(summary?.attributes).toMatchObject({
      'db.query.summary': 'SELECT "note"',
      'async.collapsed.count': 10,
      'async.collapsed.errors': 0,
    });
    expect(summary?.events).toMatchObject([
      {
        name: 'repeated query',
        attributes: { 'db.query.summary': 'SELECT "note"', 'typeorm.query.count': 10 },
      },
    ]);
    // A statement without a span has nothing to be marked as slow on.
    expect(notes.spans.one('n plus 1').events).toEqual([]);
  });

  it('AU19 collapses no statement by default, nor one that carries its context', async () => {
    for (const options of [{}, { collapseRepeats: true, sqlCommenter: true }]) {
      const dataSource = await notes.start(options);
      await inSpan('parent', async () => {
        for (let id = 0; id < 30; id += 1) await dataSource.query('SELECT 1');
      });
      expect(notes.spans.named('SELECT')).toHaveLength(30);
    }
  });

  it('AU19 collapses entity operations, whose statements belong to the parent then', async () => {
    const dataSource = await notes.start({ entityOperations: true, repeatedQueries: 25 });
    await inSpan('parent', async () => {
      for (let id = 0; id < 30; id += 1) await dataSource.getRepository(Note).findOneBy({ id });
    });
    expect(notes.spans.named('findOneBy Note')).toHaveLength(21);
    expect(notes.spans.named('SELECT "note"')).toHaveLength(30);
    const parent = notes.spans.one('parent');
    const own = notes.spans.childrenOf(parent).filter(({ name }) => name === 'SELECT "note"');
    expect(own).toHaveLength(10);
    expect(parent.events).toMatchObject([{ attributes: { 'typeorm.query.count': 30 } }]);
  });

  it('marks the span that repeats entity operations, which have spans of their own', async () => {
    const dataSource = await notes.start({ repeatedQueries: 3, entityOperations: true });
    const repository = dataSource.getRepository(Note);
    await inSpan('n plus 1', async () => {
      for (let id = 0; id < 4; id += 1) await repository.findOneBy({ id });
    });
    await repository.findOneBy({ id: 1 });
    expect(notes.spans.one('n plus 1').events).toMatchObject([
      { name: 'repeated query', attributes: { 'typeorm.query.count': 4 } },
    ]);
    expect(notes.spans.named('findOneBy Note').flatMap(({ events }) => events)).toEqual([]);
  });

  it('gives entity operations a span with the name of the entity', async () => {
    const dataSource = await notes.start({ entityOperations: true });
    const repository = dataSource.getRepository(Note);
    await repository.save({ title: 'a' });
    await repository.findOneByOrFail({ title: 'a' });
    await dataSource.manager.save(Object.assign(new Note(), { title: 'b' }));
    expect(notes.spans.tree()).toBe(
      [
        'save Note',
        '  BEGIN TRANSACTION',
        '  INSERT "note"',
        '  COMMIT',
        'findOneByOrFail Note',
        '  SELECT "note"',
        'save Note',
        '  BEGIN TRANSACTION',
        '  INSERT "note"',
        '  COMMIT',
      ].join('\n'),
    );
    const { kind, attributes } = notes.spans.one('findOneByOrFail Note');
    expect(kind).toBe(SpanKind.INTERNAL);
    expect(attributes).toMatchObject({
      'db.operation.name': 'findOneByOrFail',
      'db.collection.name': 'note',
    });
  });

  it('says of an entity operation that fails what its statement says', async () => {
    const dataSource = await notes.start({ entityOperations: true });
    const save = () => dataSource.getRepository(Note).insert({ title: 'canary' });
    await save();
    await expect(save()).rejects.toThrow('UNIQUE');
    const failed = notes.spans.named('insert Note')[1];
    expect(failed?.status.message).toBe('QueryFailedError');
    await expect(dataSource.manager.save({ a: 1 } as never)).rejects.toThrow();
    expect(notes.spans.named('save')).toHaveLength(1);
  });

  it('traces only inside of other spans, if that is required', async () => {
    const dataSource = await notes.start({ requireParentSpan: true });
    await dataSource.query('SELECT 1');
    await dataSource.transaction((manager) => manager.count(Note));
    expect(notes.spans.finished).toEqual([]);
    await inSpan('request', () => dataSource.query('SELECT 1'));
    expect(notes.spans.tree()).toBe('request\n  SELECT');
  });

  it('leaves out what is to be ignored, by a pattern or a function, and survives one that throws', async () => {
    const dataSource = await notes.start({
      ignore: [
        /^SELECT 1$/g,
        ({ parameters }) => parameters[0] === 'ignored',
        () => {
          throw new Error('rule');
        },
      ],
    });
    await dataSource.query('SELECT 1');
    expect(await dataSource.query('SELECT ? AS a', ['ignored'])).toEqual([{ a: 'ignored' }]);
    await dataSource.query('SELECT 2');
    await dataSource.query('SELECT 1');
    expect(notes.spans.named('SELECT')).toHaveLength(1);
  });
});

describe('B2 the spans of the driver', () => {
  const suppressed = async (driverSpans: 'suppress' | 'nest' | 'off') => {
    const seen: boolean[] = [];
    const logger = { logQuery: () => void seen.push(isTracingSuppressed(context.active())) };
    const options = { logger: logger as never, synchronize: false };
    const dataSource = await notes.start({ driverSpans }, options);
    seen.length = 0;
    await dataSource.query('SELECT 1');
    return { seen, kind: notes.spans.one('SELECT').kind };
  };

  it('are suppressed, nested or left alone, as the option says', async () => {
    expect(await suppressed('suppress')).toEqual({ seen: [true], kind: SpanKind.CLIENT });
    notes.spans.reset();
    expect(await suppressed('nest')).toEqual({ seen: [false], kind: SpanKind.INTERNAL });
    notes.spans.reset();
    expect(await suppressed('off')).toEqual({ seen: [false], kind: SpanKind.CLIENT });
  });
});

describe('B8 the comment with the trace context', () => {
  const issued = async (sqlCommenter: boolean | W3CTraceContextPropagator, text: string) => {
    const texts: string[] = [];
    const logger = { logQuery: (sql: string) => void texts.push(sql) } as never;
    const dataSource = await notes.start({ sqlCommenter }, { logger, synchronize: false });
    texts.length = 0;
    await dataSource.query(text);
    return texts[0];
  };

  it('is off by default and stays out of the text of the span', async () => {
    expect(await issued(false, 'SELECT 1')).toBe('SELECT 1');
    notes.spans.reset();
    const text = await issued(new W3CTraceContextPropagator(), 'SELECT 1;');
    const { spanContext, attributes } = notes.spans.one('SELECT');
    const { traceId, spanId } = spanContext.call(notes.spans.one('SELECT'));
    expect(text).toBe(`SELECT 1 /*traceparent='00-${traceId}-${spanId}-01'*/;`);
    expect(attributes['db.query.text']).toBe('SELECT ?;');
  });

  it('takes the registered propagator', async () => {
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    expect(await issued(true, 'SELECT 1')).toMatch(/^SELECT 1 \/\*traceparent='00-/);
    propagation.disable();
  });

  it('is not written twice, nor with an invalid context, nor if the propagator throws', () => {
    const propagator = new W3CTraceContextPropagator();
    const commented = "SELECT 1 /*traceparent='00-1'*/;";
    expect(withTraceComment('SELECT 1', propagator)).toBe('SELECT 1');
    const parent = trace.wrapSpanContext({
      traceId: '1'.repeat(32),
      spanId: '2'.repeat(16),
      traceFlags: 1,
    });
    context.with(trace.setSpan(ROOT_CONTEXT, parent), () => {
      expect(withTraceComment(commented, propagator)).toBe(commented);
      expect(withTraceComment('SELECT 1 /* other */', propagator)).toMatch(/other \*\/ \/\*trace/);
      const throwing = {
        inject: () => {
          throw new Error('no');
        },
        extract: propagator.extract,
        fields: () => [],
      };
      expect(withTraceComment('SELECT 1', throwing)).toBe('SELECT 1');
    });
  });

  it('sorts and escapes keys and values', () => {
    const propagator = {
      inject: (_: unknown, carrier: Record<string, string>) =>
        Object.assign(carrier, { tracestate: "a='b*/", 'key ': 'ü' }),
      extract: () => ROOT_CONTEXT,
      fields: () => [],
    };
    expect(withTraceComment('SELECT 1', propagator as never)).toBe(
      "SELECT 1 /*key%20='%C3%BC',tracestate='a%3D%27b%2A%2F'*/",
    );
  });
});
