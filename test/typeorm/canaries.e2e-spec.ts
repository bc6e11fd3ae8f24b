import { instrumentDataSource } from 'nestjs-tracing/typeorm';
import type { TypeOrmTracingOptions } from 'nestjs-tracing/typeorm';
import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  MARIADB,
  POSTGRES,
  describeWithService,
  findMariaDb,
  findPostgres,
} from '../support/services.js';
import { ValuePlanter } from './support/canaries/value-planter.js';
import type { Exported } from './support/canaries/exported-bytes.js';
import { exportedBy } from './support/canaries/exported-bytes.js';
import {
  FailToSeed1700000000012,
  SeedCustomers1700000000011,
} from './support/canaries/migrations.js';
import { textSource } from './support/canaries/text-source.js';
import { TEXTS } from './support/canaries/texts.js';
import { CANARY, canariesIn } from './support/canaries/values.js';
import type { Engine } from './support/engine.js';
import { connect, mariaDbEngine, postgresEngine } from './support/engine.js';

/** What looks at statements without asking for their values. */
const WATCHFUL: TypeOrmTracingOptions = {
  slowQueryMillis: 0,
  repeatedQueries: 2,
  connectionWaitMillis: 0,
  implicitTransactions: true,
  entityOperations: true,
  returnedRows: true,
};
const SQLJS: Engine = {
  systemName: 'sqlite',
  options: { type: 'sqljs' },
  drop: () => Promise.resolve(),
};

function itExportsNoValue(
  start: () => Promise<Engine>,
  refused: readonly DataSourceOptions[],
): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.drop());

  async function plant(tracing: TypeOrmTracingOptions, options: object = {}): Promise<void> {
    const dataSource = await connect(engine, tracing, options);
    await new ValuePlanter(dataSource).plant(engine.systemName);
    await dataSource.destroy();
  }

  it('B7 exports no value by default', async () => {
    const exported = await exportedBy(() => plant({}));
    expect(exported.spans.length).toBeGreaterThan(150);
    expectNoValue(exported);
  });

  it('B7 exports none with marks, entity operations and row counts either', async () => {
    const exported = await exportedBy(() => plant(WATCHFUL));
    const marks = ['repeated query', 'slow query', 'findOneByOrFail Customer'];
    expect(marks.filter((mark) => !exported.bytes.includes(mark))).toEqual([]);
    expectNoValue(exported);
  });

  it('B7 exports none of migrations, of those that fail either', async () => {
    const exported = await exportedBy(async () => {
      const migrations = [SeedCustomers1700000000011, FailToSeed1700000000012];
      const dataSource = await connect(engine, {}, { migrations });
      await expect(dataSource.runMigrations({ transaction: 'each' })).rejects.toThrow();
      await dataSource.destroy();
    });
    expect(exported.bytes.includes('INSERT INTO customer(email) VALUES (?)')).toBe(true);
    expectNoValue(exported);
  });

  it.runIf(refused.length > 0)('B7 exports nothing of a connection that is refused', async () => {
    const exported = await exportedBy(async () => {
      for (const options of refused) {
        const dataSource = instrumentDataSource(new DataSource(options));
        await expect(dataSource.initialize()).rejects.toThrow();
      }
    });
    expect(exported.spans.length).toBeGreaterThanOrEqual(refused.length);
    expectNoValue(exported);
  });

  it('B7 exports values that are asked for: the search finds what is there', async () => {
    const asked = await exportedBy(() => plant({ parameters: true, errorMessages: true }));
    expect(canariesIn(asked.bytes)).toContain(CANARY);
  });
}

describe('Values in SQLite', () => {
  itExportsNoValue(() => Promise.resolve(SQLJS), []);
});

describeWithService(await findPostgres(), 'Values in PostgreSQL', () => {
  const { host, port, database } = POSTGRES;
  const url = (address: string) => `postgres://${CANARY}:${CANARY}@${address}/${database}`;
  itExportsNoValue(
    () => postgresEngine(POSTGRES, database),
    [
      { type: 'postgres', url: url(`${host}:1`) },
      { type: 'postgres', url: url(`${host}:${port}`) },
      { type: 'postgres', url: `${url(`${host}:${port}`)}?sslmode=verify-full` },
    ],
  );
});

describeWithService(await findMariaDb(), 'Values in MariaDB', () => {
  const { host, port } = MARIADB;
  const url = (address: string) => `mysql://${CANARY}:${CANARY}@${address}/test`;
  itExportsNoValue(mariaDbEngine, [
    { type: 'mysql', url: url(`${host}:1`) },
    { type: 'mysql', url: url(`${host}:${port}`) },
  ]);
});

describe.each(Object.entries(TEXTS))('Values in statements of %s', (type, texts) => {
  it('B7 are not exported', async () => {
    const dataSource = textSource(type);
    const exported = await exportedBy(async () => {
      for (const sql of texts) await dataSource.query(sql);
    });
    expect(exported.spans).toHaveLength(texts.length);
    expectNoValue(exported);
  });
});

/** Those spans are told that hold one. */
function expectNoValue({ spans, bytes }: Exported): void {
  const telling = spans.map((span) => JSON.stringify(span));
  expect(telling.filter((text) => canariesIn(text).length > 0)).toEqual([]);
  expect(canariesIn(bytes)).toEqual([]);
}
