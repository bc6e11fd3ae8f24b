import { instrumentDataSource } from 'nestjs-tracing/typeorm';
import type { TypeOrmTracingOptions } from 'nestjs-tracing/typeorm';
import { recordSpans } from 'nestjs-tracing/testing';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import fc from 'fast-check';
import { DataSource, EntityManager } from 'typeorm';
import type { DataSourceOptions, QueryRunner } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { POSTGRES, describeWithService, findPostgres } from '../support/services.js';
import { useBattery } from './support/battery.js';
import { connect, postgresEngine } from './support/engine.js';
import { Note, noteSource } from './support/notes.js';
import { standInsOn, viewsOf } from './support/views.js';

type Step = (dataSource: DataSource, runner: QueryRunner) => Promise<unknown>;

const STEPS: Readonly<Record<string, Step>> = {
  query: (dataSource) => dataSource.query('SELECT 1'),
  'query of the runner': (_, runner) => runner.query('SELECT 1'),
  save: (dataSource) => dataSource.getRepository(Note).save({ title: String(Math.random()) }),
  find: (_, { manager }) => manager.find(Note),
  transaction: (dataSource) => dataSource.transaction((manager) => manager.count(Note)),
  'transaction by hand': async (_, runner) => {
    await runner.startTransaction();
    await runner.rollbackTransaction();
  },
  'open transaction': (_, runner) => runner.startTransaction(),
  failure: (dataSource) => dataSource.query('SELECT * FROM missing').catch(() => undefined),
};

const OPTIONS: fc.Arbitrary<TypeOrmTracingOptions> = fc.record(
  {
    entityOperations: fc.boolean(),
    implicitTransactions: fc.boolean(),
    metrics: fc.boolean(),
    returnedRows: fc.boolean(),
    sqlCommenter: fc.boolean(),
    slowQueryMillis: fc.constant(1),
    repeatedQueries: fc.constant(2),
  },
  { requiredKeys: [] },
);

async function viewsAfter(dataSource: DataSource, steps: readonly string[]): Promise<object> {
  const runner = dataSource.createQueryRunner();
  for (const step of steps) await STEPS[step]?.(dataSource, runner);
  const views = viewsOf(dataSource, runner);
  await runner.release();
  await dataSource.destroy();
  return views;
}

describe('What is traced, seen by the application', () => {
  let spans: SpanRecorder;
  beforeAll(() => {
    spans = recordSpans();
  });
  afterAll(() => spans.stop());

  it('B10 is listed, copied and printed as if it were not, whatever it was used for', async () => {
    const steps = fc.array(fc.constantFrom(...Object.keys(STEPS)), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(OPTIONS, steps, async (tracing, names) => {
        const bare = await noteSource().initialize();
        const traced = await instrumentDataSource(noteSource(), tracing).initialize();
        expect(await viewsAfter(traced, names)).toEqual(await viewsAfter(bare, names));
      }),
      { numRuns: 40 },
    );
  });

  it('B10 has stand-ins that can be replaced and taken away as the methods they stand for', async () => {
    const traced = await instrumentDataSource(noteSource(), {
      entityOperations: true,
    }).initialize();
    const runner = traced.createQueryRunner();
    const standIns = [traced, traced.driver, traced.manager, runner].flatMap(standInsOn);
    expect(standIns.length).toBeGreaterThan(30);
    const kinds = standIns.map(({ enumerable, configurable, writable }) => ({
      enumerable,
      configurable,
      writable,
    }));
    expect(new Set(kinds.map((kind) => JSON.stringify(kind)))).toEqual(
      new Set([JSON.stringify({ enumerable: false, configurable: true, writable: true })]),
    );
    await traced.destroy();
  });

  it('B10 has runners and managers of their classes, without a property of ours', async () => {
    const views = [];
    for (const dataSource of [noteSource(), instrumentDataSource(noteSource())]) {
      await dataSource.initialize();
      const runner = dataSource.createQueryRunner();
      await runner.startTransaction();
      await runner.rollbackTransaction();
      const objects = [runner, runner.manager, dataSource.manager];
      views.push(objects.map((each) => [each.constructor, new Set(Reflect.ownKeys(each))]));
      expect(objects.every((each) => each instanceof each.constructor)).toBe(true);
      expect(dataSource.manager).toBeInstanceOf(EntityManager);
      await dataSource.destroy();
    }
    expect(views[1]).toEqual(views[0]);
  });

  it('B10 calls a spy that is put on the class later', async () => {
    const dataSource = await instrumentDataSource(noteSource()).initialize();
    const save = vi.spyOn(EntityManager.prototype, 'save');
    await dataSource.transaction((manager) => manager.save(Note, { title: 'seen' }));
    await dataSource.manager.save(Note, { title: 'seen as well' });
    expect(save).toHaveBeenCalledTimes(2);
    save.mockRestore();
    await dataSource.destroy();
  });

  it('B10 keeps an own method of a mock as visible as it was', async () => {
    const dataSource = noteSource();
    const { driver } = dataSource;
    const own = (): QueryRunner => Reflect.apply(original, driver, ['master']) as QueryRunner;
    const original = driver.createQueryRunner.bind(driver);
    Object.assign(driver, { createQueryRunner: own });
    await instrumentDataSource(dataSource).initialize();
    expect(Object.keys(driver)).toContain('createQueryRunner');
    expect(driver.createQueryRunner).not.toBe(own);
    await dataSource.destroy();
  });
});

describeWithService(
  await findPostgres(),
  'What is traced on PostgreSQL, seen by the application',
  () => {
    const battery = useBattery(() => postgresEngine(POSTGRES, POSTGRES.database));

    it('B10 is listed, copied and printed as if it were not', async () => {
      const views = async (dataSource: DataSource) => {
        const runner = dataSource.createQueryRunner();
        await runner.startTransaction();
        await runner.rollbackTransaction();
        const seen = viewsOf(dataSource, runner);
        await runner.release();
        await dataSource.destroy();
        return seen;
      };
      const { options } = battery.engine;
      const traced = await connect(battery.engine, { metrics: true, entityOperations: true });
      const bare = await new DataSource({
        ...options,
        entities: traced.options.entities,
      } as DataSourceOptions).initialize();
      expect(await views(traced)).toEqual(await views(bare));
    });
  },
);
