import { SpanStatusCode } from '@opentelemetry/api';
import { DataSource } from 'typeorm';
import type { DataSourceOptions, QueryRunner } from 'typeorm';
import { instrumentDataSource } from 'nestjs-tracing/typeorm';
import { expect, it } from 'vitest';
import { describeWithService, findMariaDb } from '../support/services.js';
import type { Battery, Counting } from './support/battery.js';
import { itTracesStatements, useBattery } from './support/battery.js';
import { connect, mariaDbEngine } from './support/engine.js';
import { Customer } from './support/entities.js';
import { STREAM_OPERATIONS } from './support/operations.js';

const POOL_SIZE = 3;

/** The server counts by itself, for each connection of the pool. */
async function connectCountingServer({ engine }: Battery, options: object): Promise<Counting> {
  const dataSource = await connect(engine, {}, { ...options, poolSize: POOL_SIZE });
  let own = 0;
  const issued = async (): Promise<number> => {
    const runners = Array.from({ length: POOL_SIZE }, () => dataSource.createQueryRunner());
    const counts = await Promise.all(runners.map(countQuestions));
    await Promise.all(runners.map((runner) => runner.release()));
    own += POOL_SIZE;
    return counts.reduce((sum, count) => sum + count, 0) - own;
  };
  return [dataSource, issued];
}

async function countQuestions(runner: QueryRunner): Promise<number> {
  await runner.connect();
  const status = (await runner.query("SHOW SESSION STATUS LIKE 'Questions'")) as unknown;
  return Number((status as [{ Value: string }])[0].Value);
}

describeWithService(await findMariaDb(), 'TypeORM on MariaDB', () => {
  const battery = useBattery(mariaDbEngine);

  itTracesStatements(battery, connectCountingServer, STREAM_OPERATIONS);

  it('B6 describes a statement by the stable conventions', async () => {
    const dataSource = await connect(battery.engine);
    await dataSource.getRepository(Customer).countBy({ visits: 1 });
    await dataSource.destroy();
    expect(battery.spans.one('SELECT `customer`').attributes).toEqual({
      'db.system.name': 'mariadb',
      'db.namespace': battery.engine.options.database,
      'db.query.summary': 'SELECT `customer`',
      'db.query.text': expect.stringContaining('`visits` = ?'),
      'server.address': '127.0.0.1',
      'typeorm.connection.wait_ms': expect.any(Number),
    });
  });

  it('B6 tells MariaDB from MySQL when it comes to a DataSource that is connected already', async () => {
    const options = { ...battery.engine.options, entities: [] } as DataSourceOptions;
    const dataSource = instrumentDataSource(await new DataSource(options).initialize());
    await dataSource.query('SELECT 1');
    await dataSource.destroy();
    expect(battery.spans.one('SELECT').attributes['db.system.name']).toBe('mariadb');
  });

  it("B6 tells the server's number and the type of a failure", async () => {
    const dataSource = await connect(battery.engine);
    const insert = () => dataSource.getRepository(Customer).insert({ email: 'a@x' });
    await insert();
    await expect(insert()).rejects.toThrow('Duplicate entry');
    await dataSource.destroy();
    const failed = battery.spans.finished.find((span) => span.status.code === SpanStatusCode.ERROR);
    expect(failed?.attributes).toMatchObject({
      'error.type': '1062',
      'db.response.status_code': '1062',
    });
    expect(failed?.status.message).toBe('QueryFailedError ER_DUP_ENTRY 1062');
  });
});
