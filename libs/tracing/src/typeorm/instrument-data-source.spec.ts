import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Note, noteSource } from '../../../../test/typeorm/support/notes.js';
import { recordSpans } from '../testing/index.js';
import type { SpanRecorder } from '../testing/index.js';
import { recordFunction } from '../span/span-function.js';
import { instrumentDataSource } from './index.js';
import type { TypeOrmTracingOptions } from './index.js';

let spans: SpanRecorder;
const opened: DataSource[] = [];

beforeAll(() => {
  spans = recordSpans();
});
afterEach(async () => {
  spans.assertNoOpenSpans();
  for (const dataSource of opened.splice(0)) {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
  spans.reset();
});
afterAll(() => spans.stop());

async function started(
  tracing?: TypeOrmTracingOptions,
  options?: Partial<DataSourceOptions>,
): Promise<DataSource> {
  const dataSource = await instrumentDataSource(noteSource(options), tracing).initialize();
  opened.push(dataSource);
  spans.reset();
  return dataSource;
}

function inSpan<T>(name: string, fn: (span: Span) => Promise<T>): Promise<T> {
  return trace
    .getTracer('test')
    .startActiveSpan(name, (span) => fn(span).finally(() => span.end()));
}

describe('instrumentDataSource', () => {
  it('B1 gives each statement one CLIENT span under the span it is issued in', async () => {
    const dataSource = await started();
    await inSpan('request', () => dataSource.getRepository(Note).save({ title: 'a' }));
    expect(spans.tree()).toBe(
      ['request', '  START TRANSACTION', '  INSERT "note"', '  COMMIT']
        .join('\n')
        .replace('START TRANSACTION', 'BEGIN TRANSACTION'),
    );
    expect(spans.one('INSERT "note"').kind).toBe(SpanKind.CLIENT);
  });

  it('B1 follows each of two parents on the one runner that SQLite has', async () => {
    const dataSource = await started();
    const request = (name: string) => inSpan(name, () => dataSource.query('SELECT * FROM note'));
    await Promise.all([request('a'), request('b')]);
    expect(spans.tree()).toBe('a\n  SELECT note\nb\n  SELECT note');
  });

  it('B2 keeps the span active while the statement runs and the caller where it was', async () => {
    const active: (string | undefined)[] = [];
    const nameOf = (span: Span | undefined) => (span as { name?: string } | undefined)?.name;
    const logger = { logQuery: () => void active.push(nameOf(trace.getActiveSpan())) };
    const options = { logger: logger as never, synchronize: false };
    const dataSource = await started({}, options);
    active.length = 0;
    await inSpan('request', async (request) => {
      await dataSource.query('SELECT 1');
      expect(trace.getActiveSpan()).toBe(request);
    });
    expect(active).toEqual(['SELECT']);
  });

  it('B6 names the span by the summary and gives all attributes at creation', async () => {
    const dataSource = await started();
    await dataSource.getRepository(Note).findBy({ title: 'a' });
    const span = spans.one('SELECT "note"');
    expect(span.attributes).toEqual({
      'db.system.name': 'sqlite',
      'db.query.summary': 'SELECT "note"',
      'db.query.text': expect.stringMatching(/^SELECT .+ WHERE \(\("Note"\."title" = \?\)\)$/),
    });
  });

  it('B6 falls back to the name of the system for what it does not understand', async () => {
    const dataSource = await started();
    await expect(dataSource.query('gibberish')).rejects.toThrow();
    expect(spans.one('sqlite').status.code).toBe(SpanStatusCode.ERROR);
  });

  it('B7 records class and code of an error, not its message, on outer spans too', async () => {
    const dataSource = await started();
    const canary = 'canary@secret.example';
    const notes = dataSource.getRepository(Note);
    await notes.save({ title: canary });
    const statementIn = () => dataSource.query(`INSERT INTO note(title) VALUES ('${canary}')`);
    const failing = recordFunction('request', {}, () =>
      recordFunction('rethrowing', {}, () =>
        statementIn().catch((cause: unknown) => {
          throw new Error('not saved', { cause });
        }),
      ),
    );
    await expect(failing).rejects.toMatchObject({
      cause: { query: expect.stringContaining(canary) },
    });
    await expect(recordFunction('other request', {}, statementIn)).rejects.toThrow('UNIQUE');
    const [statement] = spans.named('INSERT note');
    expect(statement?.status.message).toBe('QueryFailedError');
    expect(statement?.attributes['error.type']).toBe('QueryFailedError');
    expect(statement?.events[0]?.attributes?.['exception.stacktrace']).toMatch(/^ {4}at /);
    expect(spans.one('other request').status.message).toBe('QueryFailedError');
    for (const { attributes, events, status } of spans.finished) {
      expect(JSON.stringify([attributes, events, status])).not.toContain('canary');
    }
  });

  it('B7 records the message if it is asked to', async () => {
    const dataSource = await started({ errorMessages: true });
    await expect(dataSource.query('SELECT * FROM missing')).rejects.toThrow('no such table');
    const [event] = spans.one('SELECT missing').events;
    expect(event?.attributes?.['exception.message']).toContain('no such table: missing');
  });

  it('B7 leaves the text out by option, and sanitizes it where TypeORM writes numbers into it', async () => {
    const query = (dataSource: DataSource) => dataSource.query("SELECT 'x', ?", [1]);
    await query(await started({ queryText: 'off' }));
    expect(spans.one('SELECT').attributes['db.query.text']).toBeUndefined();
    await query(await started());
    expect(spans.one('SELECT').attributes['db.query.text']).toBe('SELECT ?, ?');
    spans.reset();
    await (await started()).getRepository(Note).insert({ id: 7, title: 'x' });
    expect(spans.one('INSERT "note"').attributes['db.query.text']).toBe(
      'INSERT INTO "note"("id", "title") VALUES (?, ?)',
    );
  });

  it('B9 makes one span when it is instrumented twice, and the first options hold', async () => {
    const dataSource = await started();
    instrumentDataSource(dataSource, { queryText: 'off' });
    await dataSource.query('SELECT 1');
    expect(spans.one('SELECT').attributes['db.query.text']).toBe('SELECT ?');
  });

  it('B9 leaves TypeORM itself and other DataSources alone', async () => {
    await started();
    const other = await noteSource().initialize();
    opened.push(other);
    spans.reset();
    await other.query('SELECT 1');
    expect(spans.finished).toEqual([]);
    expect(Object.hasOwn(other, 'initialize')).toBe(false);
  });

  it('B9 calls what an application has put on a manager of its own', async () => {
    const dataSource = noteSource();
    const make = dataSource.createEntityManager.bind(dataSource);
    let made = 0;
    let own = 0;
    dataSource.createEntityManager = (runner) => {
      const manager = make(runner);
      made += 1;
      if (made < 3) return manager;
      const save = manager.save.bind(manager) as (...args: unknown[]) => never;
      manager.save = (...args: unknown[]) => {
        own += 1;
        return save(...args);
      };
      return manager;
    };
    opened.push(await instrumentDataSource(dataSource).initialize());
    dataSource.createEntityManager();
    dataSource.createEntityManager();
    await dataSource.createEntityManager().save(Note, { title: 'a' });
    expect(own).toBe(1);
    expect(spans.named('INSERT "note"')).toHaveLength(1);
  });

  it('B9 traces a DataSource that is connected already', async () => {
    const dataSource = await noteSource().initialize();
    opened.push(dataSource);
    instrumentDataSource(dataSource);
    await dataSource.query('SELECT 1');
    expect(spans.tree()).toBe('SELECT');
  });

  it('gives the attributes of the user at creation, and does without those of a hook that throws', async () => {
    const dataSource = await started({
      attributes: ({ text, parameters }) => {
        if (text.includes('broken')) throw new Error('hook');
        return { 'app.parameters': parameters.length };
      },
    });
    await dataSource.query('SELECT ?', [1]);
    expect(await dataSource.query("SELECT 'broken' AS a")).toEqual([{ a: 'broken' }]);
    expect(spans.finished.map((span) => span.attributes['app.parameters'])).toEqual([1, undefined]);
  });

  it('names a wrong option and the cure', () => {
    const instrument = (options: object) => () => instrumentDataSource(noteSource(), options);
    expect(instrument({ querytext: 'off' })).toThrow(
      /^querytext: there is no such option; did you mean "queryText"\?/,
    );
    expect(instrument({ queryText: 'all' })).toThrow(
      'queryText: write "auto", "sanitized" or "off"',
    );
  });

  it('says for MongoDB which instrumentation to use', () => {
    const mongo = { options: { type: 'mongodb' } } as unknown as DataSource;
    expect(() => instrumentDataSource(mongo)).toThrow('@opentelemetry/instrumentation-mongodb');
  });

  it('does not swallow what TypeORM itself refuses', async () => {
    const dataSource = await started();
    await expect(dataSource.initialize()).rejects.toThrow('already connected');
    const runner = dataSource.createQueryRunner();
    await expect(runner.query(undefined as never)).rejects.toThrow();
    await expect(runner.query('SELECT 1', {} as never)).rejects.toThrow('named placeholders');
  });
});
