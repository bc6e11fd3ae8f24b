import { setImmediate as turn } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import { DataSource, EntitySchema } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import type { Readable } from 'node:stream';
import { recordSpans } from '../../../libs/tracing/src/testing/index.js';
import { instrumentDataSource } from '../../../libs/tracing/src/typeorm/index.js';
import { untilClosed } from '../support/until-closed.js';

interface Item {
  id?: number;
  title: string;
}

const Items = new EntitySchema<Item>({
  name: `retained_item_${process.pid}`,
  columns: { id: { type: 'int', primary: true, generated: true }, title: { type: 'text' } },
});

const [mode, options] = process.argv.slice(2);
const traced = mode === 'traced';
const held = new Map<string, WeakRef<object>>();
/** What is kept for ever, with the context it was made in. */
const kept: unknown[] = [];

function hold<T extends object>(name: string, value: T): T {
  held.set(name, new WeakRef(value));
  return value;
}

function keepTimer(): void {
  kept.push(setInterval(() => undefined, 60_000).unref());
}

async function request(dataSource: DataSource): Promise<void> {
  const entity = hold('entity', { title: 'a' } as Item);
  await dataSource.manager.save(Items, entity);
  keepTimer();
  const parameters = hold('parameters', [1]);
  hold('result', (await dataSource.query('SELECT $1::int AS one', parameters)) as object);
  hold('found', await dataSource.getRepository(Items).find());
  await dataSource.transaction(async (manager) => {
    hold('manager', manager);
    hold('runner of the transaction', manager.queryRunner as QueryRunner);
    hold('inserted', await manager.save(Items, { title: 'b' } as Item));
    keepTimer();
  });
  const runner = hold('runner', dataSource.createQueryRunner());
  await runner.startTransaction();
  await runner.query('SELECT 1');
  keepTimer();
  await runner.commitTransaction();
  const stream = hold('stream', (await runner.stream('SELECT 1')) as unknown as Readable);
  stream.on('data', (row: object) => {
    hold('row', row);
    keepTimer();
  });
  await untilClosed(stream);
  await runner.release();
  hold('failure', await dataSource.query('SELECT 1 / 0').catch((error: unknown) => error as Error));
}

const spans = traced ? recordSpans() : undefined;
const source = new DataSource({ ...JSON.parse(options!), entities: [Items], synchronize: true });
const dataSource = traced
  ? instrumentDataSource(source, {
      entityOperations: true,
      repeatedQueries: 2,
      parameters: true,
      returnedRows: true,
    })
  : source;
await dataSource.initialize();
// Its pool is empty: the connections of the request are made inside of it, and kept.
await (dataSource.driver as unknown as { master: { end(): Promise<void> } }).master.end();
await dataSource.driver.connect();
await trace.getTracer('test').startActiveSpan('request', async (span) => {
  kept.push(span);
  await request(dataSource);
});
spans?.reset();
// The connections have work of their own afterwards.
await Promise.all([1, 2, 3].map((n) => dataSource.query(`SELECT ${n}`)));
for (let i = 0; i < 30; i += 1) {
  await turn();
  globalThis.gc?.();
}
const alive = [...held].filter(([, reference]) => reference.deref() !== undefined);
await dataSource.query(`DROP TABLE "${Items.options.name}"`);
await dataSource.destroy();
await spans?.stop();
console.log(
  JSON.stringify({ kept: kept.length, held: held.size, alive: alive.map(([name]) => name) }),
);
// The timers and the pool that was replaced have no more to say.
process.exit(0);
