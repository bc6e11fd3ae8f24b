import type { SpanRecorder } from 'nestjs-tracing/testing';
import { recordSpans } from 'nestjs-tracing/testing';
import { instrumentDataSource } from 'nestjs-tracing/typeorm';
import type { DataSourceOptions, Logger } from 'typeorm';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { POSTGRES, describeWithService, findPostgres } from '../support/services.js';
import { inSpan } from './support/storm.js';

/** Keeps the prototypes of the runners that it is told of. */
class Seen implements Logger {
  readonly prototypes: unknown[] = [];
  logQuery(...[, , runner]: Parameters<Logger['logQuery']>): void {
    this.prototypes.push(Reflect.getPrototypeOf(runner as object));
  }
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}

describeWithService(
  await findPostgres(),
  'the runner that DataSource.query() makes for itself',
  () => {
    let spans: SpanRecorder;
    const open: DataSource[] = [];
    beforeAll(() => {
      spans = recordSpans();
    });
    afterAll(() => spans.stop());
    afterEach(async () => {
      for (const dataSource of open.splice(0)) await dataSource.destroy();
    });

    async function start<T extends DataSource>(dataSource: T): Promise<T> {
      instrumentDataSource(dataSource);
      await dataSource.initialize();
      open.push(dataSource);
      spans.reset();
      return dataSource;
    }

    const options = (more: object = {}): DataSourceOptions => ({
      type: 'postgres',
      ...POSTGRES,
      ...more,
    });
    const names = (): string[] => spans.finished.map(({ name }) => name);

    it('B1 is left as it is, and its statement has one span with all that others have', async () => {
      const logger = new Seen();
      const dataSource = await start(new DataSource(options({ logger })));
      const runner = dataSource.createQueryRunner();
      const traced = Reflect.getPrototypeOf(runner);
      await inSpan('request', () => dataSource.query('SELECT 1'));
      expect(names()).toEqual(['SELECT', 'request']);
      expect(logger.prototypes.at(-1)).toBe(Reflect.getPrototypeOf(traced as object));
      await inSpan('request', () => runner.query('SELECT 1'));
      await runner.release();
      const [direct, , byRunner] = spans.finished;
      expect(direct?.attributes).toEqual({
        ...byRunner?.attributes,
        'typeorm.connection.wait_ms': expect.any(Number) as number,
      });
    });

    it('B1 is traced as ever where a subclass makes more of the method', async () => {
      class Late extends DataSource {
        override async query<T>(...args: Parameters<DataSource['query']>): Promise<T> {
          await Promise.resolve();
          return super.query(...args);
        }
      }
      const dataSource = await start(new Late(options()));
      await inSpan('request', () => dataSource.query('SELECT 1'));
      expect(names()).toEqual(['SELECT', 'request']);
    });

    it('B1 loses no statement of a subclass that opens a transaction around each', async () => {
      class Tenants extends DataSource {
        override async query<T>(text: string, parameters?: unknown[]): Promise<T> {
          const runner = this.createQueryRunner();
          await runner.startTransaction();
          const result = (await runner.query(text, parameters as never)) as T;
          await runner.commitTransaction();
          await runner.release();
          return result;
        }
      }
      const dataSource = await start(new Tenants(options()));
      await inSpan('request', () => dataSource.query('SELECT 1'));
      expect(names()).toEqual(
        expect.arrayContaining(['START TRANSACTION', 'SELECT', 'COMMIT', 'request']),
      );
    });

    it('B1 traces each statement once where making a runner issues one', async () => {
      class Checked extends DataSource {
        isChecked = true;
        override createQueryRunner(mode?: 'master' | 'slave') {
          if (!this.isChecked) {
            this.isChecked = true;
            void this.query('SELECT 9');
          }
          return super.createQueryRunner(mode);
        }
      }
      const dataSource = await start(new Checked(options()));
      dataSource.isChecked = false;
      await inSpan('request', () => dataSource.query('SELECT 1'));
      await vi.waitFor(() => expect(spans.named('SELECT')).toHaveLength(2));
    });

    it('B1 is traced for the subscribers that are given it', async () => {
      const dataSource = await start(new DataSource(options()));
      const { subscribers } = dataSource;
      let runs = 0;
      (subscribers as object[]).push({
        beforeQuery: async ({ queryRunner, query }: { queryRunner: never; query: string }) => {
          if (query !== 'SELECT 1' || (runs += 1) > 1) return;
          await (queryRunner as DataSource).query('SELECT 2');
        },
      });
      await inSpan('request', () => dataSource.query('SELECT 1'));
      expect(spans.named('SELECT')).toHaveLength(2);
    });

    it('B1 calls what was put on the class later', async () => {
      const dataSource = await start(new DataSource(options()));
      const spy = vi.spyOn(DataSource.prototype, 'query');
      await inSpan('request', () => dataSource.query('SELECT 1'));
      expect(spy).toHaveBeenCalledOnce();
      spy.mockRestore();
      expect(names()).toEqual(['SELECT', 'request']);
    });
  },
);
