import { AsyncResource } from 'node:async_hooks';
import { SpanStatusCode } from '@opentelemetry/api';
import type { DataSource, DataSourceOptions, QueryRunner } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Note, noteSource } from '../../../../test/typeorm/support/notes.js';
import { recordFunction } from '../span/span-function.js';
import { recordSpans } from '../testing/index.js';
import type { SpanRecorder } from '../testing/index.js';
import { instrumentDataSource } from './index.js';

let spans: SpanRecorder;
let opened: DataSource | undefined;

beforeAll(() => {
  spans = recordSpans();
});
afterEach(async () => {
  await opened?.destroy();
  spans.assertNoOpenSpans();
  spans.reset();
});
afterAll(() => spans.stop());

function source(options?: Partial<DataSourceOptions>): DataSource {
  opened = instrumentDataSource(noteSource(options));
  return opened;
}

describe('the start of a DataSource', () => {
  it('B11 has one parent for the statements of the start, which nothing made there keeps', async () => {
    const timers: (() => void)[] = [];
    const logger = {
      logQuery: () => timers.push(AsyncResource.bind(() => recordFunction('later', {}, () => {}))),
      logSchemaBuild: () => undefined,
    };
    const dataSource = source({ logger: logger as never });
    await recordFunction('bootstrap', {}, () => dataSource.initialize());
    const [bootstrap, start, ...statements] = spans.tree().split('\n');
    expect([bootstrap, start]).toEqual(['bootstrap', '  DataSource.initialize']);
    expect(statements.length).toBeGreaterThan(5);
    expect(statements.every((line) => /^ {4}\w/.test(line))).toBe(true);
    await recordFunction('request', {}, () => dataSource.query('SELECT 1'));
    expect(spans.tree()).toMatch(/request\n {2}SELECT$/);
    timers[0]?.();
    expect(spans.tree()).toMatch(/\nlater$/);
  });

  it('B11 records a start that fails, and starts again', async () => {
    const dataSource = source({
      synchronize: false,
      migrationsRun: true,
      migrations: [Failing1],
    });
    await expect(dataSource.initialize()).rejects.toThrow('no such table');
    expect(spans.one('DataSource.initialize').status.code).toBe(SpanStatusCode.ERROR);
    dataSource.setOptions({ migrationsRun: false });
    spans.reset();
    await dataSource.initialize();
    expect(spans.one('DataSource.initialize').status.code).toBe(SpanStatusCode.UNSET);
  });

  it('B9 traces on after destroy() and a second initialize()', async () => {
    const dataSource = await source().initialize();
    await dataSource.destroy();
    spans.reset();
    await dataSource.initialize();
    await dataSource.getRepository(Note).count();
    expect(spans.named('DataSource.initialize')).toHaveLength(1);
    expect(spans.named('SELECT "note"')).toHaveLength(1);
    expect(spans.one('SELECT "note"').parentSpanContext).toBeUndefined();
  });
});

class Failing1 {
  name = 'Failing1700000000000';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SELECT * FROM missing');
  }
  async down(): Promise<void> {}
}
