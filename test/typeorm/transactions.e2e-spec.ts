import { SpanStatusCode } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { POSTGRES, describeWithService, findPostgres } from '../support/services.js';
import { useBattery } from './support/battery.js';
import { connect, postgresEngine } from './support/engine.js';
import { Customer } from './support/entities.js';

const OUTCOME = 'typeorm.transaction.outcome';

describeWithService(await findPostgres(), 'Transactions on PostgreSQL', () => {
  const battery = useBattery(() => postgresEngine(POSTGRES, POSTGRES.database));

  it('B4 marks the transaction of a runner that is released in the middle of it', async () => {
    const dataSource = await connect(battery.engine);
    battery.spans.reset();
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT 1');
    await runner.release();
    expect(battery.spans.one('transaction').attributes[OUTCOME]).toBe('abandoned');
    await dataSource.destroy();
    battery.spans.assertNoOpenSpans();
  });

  it('B4 says the isolation level, of the DataSource too', async () => {
    const options = { isolationLevel: 'REPEATABLE READ' };
    const dataSource = await connect(battery.engine, {}, options);
    battery.spans.reset();
    await dataSource.transaction((manager) => manager.count(Customer));
    await dataSource.transaction('SERIALIZABLE', (manager) => manager.count(Customer));
    await dataSource.destroy();
    const levels = battery.spans
      .named('transaction')
      .map((span) => span.attributes['typeorm.transaction.isolation_level']);
    expect(levels).toEqual(['REPEATABLE READ', 'SERIALIZABLE']);
  });

  it('B4 rolls back after a failed statement, whose values stay out of the outer spans', async () => {
    const dataSource = await connect(battery.engine);
    const customer = { email: 'canary@secret.example' };
    const insertTwice = dataSource.transaction(async (manager) => {
      await manager.insert(Customer, customer);
      await manager.insert(Customer, customer);
    });
    await expect(insertTwice).rejects.toThrow('duplicate key');
    await dataSource.destroy();
    const { attributes, status, events } = battery.spans
      .named('transaction')
      .find((span) => span.attributes[OUTCOME] === 'rolled_back')!;
    expect(status.code).toBe(SpanStatusCode.ERROR);
    expect(JSON.stringify([attributes, status, events])).not.toContain('canary');
  });

  it('B4 fails at the commit, with the outcome that the database gave it', async () => {
    const deferred = `CREATE TABLE deferred (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)`;
    const dataSource = await connect(battery.engine);
    const runner = dataSource.createQueryRunner();
    const { schema } = battery.engine.options as { schema?: string };
    await runner.query(`SET search_path TO ${schema}`);
    await runner.query(deferred);
    await runner.startTransaction();
    await runner.query('INSERT INTO deferred VALUES (1), (1)');
    await expect(runner.commitTransaction()).rejects.toThrow('duplicate key');
    await runner.rollbackTransaction();
    await runner.release();
    await dataSource.destroy();
    const { attributes } = battery.spans.finished.findLast((span) => span.name === 'transaction')!;
    expect(attributes[OUTCOME]).toBe('rolled_back');
  });
});
