import type { Readable } from 'node:stream';
import { Table, In } from 'typeorm';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { Customer, Label, Order, Visit } from './entities.js';
import { untilClosed } from './until-closed.js';

/** A kind of TypeORM operation. */
export type Operation = (dataSource: DataSource) => Promise<unknown>;

/** A migration that can go both ways. */
export class AddNotes1700000000001 implements MigrationInterface {
  name = 'AddNotes1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    const columns = [{ name: 'id', type: 'int', isPrimary: true }];
    await runner.createTable(new Table({ name: 'notes', columns }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('notes');
  }
}

const customers = (dataSource: DataSource) => dataSource.getRepository(Customer);
const builder = (dataSource: DataSource) => customers(dataSource).createQueryBuilder('c');

/** Every kind of operation that issues SQL, in an order in which they can run one after another. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'save (insert)': (ds) => customers(ds).save({ email: 'a@x' }),
  'save (several)': (ds) => customers(ds).save([{ email: 'b@x' }, { email: 'c@x' }]),
  'save (update)': async (ds) => customers(ds).save({ id: 1, email: 'a@y' }),
  insert: (ds) => customers(ds).insert({ email: 'd@x' }),
  update: (ds) => customers(ds).update({ id: 1 }, { visits: 2 }),
  upsert: (ds) => customers(ds).upsert({ email: 'd@x', visits: 1 }, ['email']),
  increment: (ds) => customers(ds).increment({ id: 1 }, 'visits', 1),
  decrement: (ds) => customers(ds).decrement({ id: 1 }, 'visits', 1),
  count: (ds) => customers(ds).count(),
  countBy: (ds) => customers(ds).countBy({ id: In([1, 2]) }),
  find: (ds) => customers(ds).find({ order: { id: 'ASC' }, take: 2 }),
  findBy: (ds) => customers(ds).findBy({ visits: 0 }),
  findAndCount: (ds) => customers(ds).findAndCount(),
  findAndCountBy: (ds) => customers(ds).findAndCountBy({ visits: 0 }),
  findOne: (ds) => customers(ds).findOne({ where: { id: 1 }, withDeleted: true }),
  findOneBy: (ds) => customers(ds).findOneBy({ id: 1 }),
  'findOneOrFail (missing)': (ds) => failing(customers(ds).findOneByOrFail({ id: -1 })),
  'find with relations': (ds) => customers(ds).find({ relations: { orders: { labels: true } } }),
  'find with relations in queries of their own': (ds) =>
    customers(ds).find({ relations: { orders: true }, relationLoadStrategy: 'query' }),
  exists: (ds) => customers(ds).exists({ where: { id: 1 } }),
  existsBy: (ds) => customers(ds).existsBy({ id: 1 }),
  sum: (ds) => customers(ds).sum('visits'),
  average: (ds) => customers(ds).average('visits'),
  maximum: (ds) => customers(ds).maximum('visits'),
  minimum: (ds) => customers(ds).minimum('visits'),
  softDelete: (ds) => customers(ds).softDelete({ id: 2 }),
  restore: (ds) => customers(ds).restore({ id: 2 }),
  'softRemove and recover': async (ds) => {
    const customer = await customers(ds).findOneByOrFail({ id: 2 });
    await customers(ds).softRemove(customer);
    await customers(ds).recover(customer);
  },
  'save with relations': async (ds) => {
    const labels = await ds.getRepository(Label).save([{ text: 'new' }, { text: 'hot' }]);
    await ds.getRepository(Order).save({ title: 'book', customer: { id: 1 }, labels });
  },
  'getMany with a join': (ds) => builder(ds).leftJoinAndSelect('c.orders', 'o').getMany(),
  getOne: (ds) => builder(ds).where('c.id = :id', { id: 1 }).getOne(),
  getOneOrFail: (ds) => builder(ds).where('c.id = :id', { id: 1 }).getOneOrFail(),
  getRawOne: (ds) => builder(ds).select('c.id').where('c.id = 1').getRawOne(),
  getRawAndEntities: (ds) => builder(ds).getRawAndEntities(),
  getRawMany: (ds) => builder(ds).select('c.visits', 'visits').groupBy('c.visits').getRawMany(),
  getManyAndCount: (ds) => builder(ds).skip(0).take(1).getManyAndCount(),
  getCount: (ds) => builder(ds).getCount(),
  getExists: (ds) => builder(ds).getExists(),
  'insert builder': (ds) => builder(ds).insert().values({ email: 'e@x' }).execute(),
  'update builder': (ds) =>
    ds.createQueryBuilder().update(Customer).set({ visits: 3 }).where('id = 1').execute(),
  'delete builder': (ds) =>
    ds.createQueryBuilder().delete().from(Customer).where('email = :e', { e: 'e@x' }).execute(),
  'upsert builder': (ds) =>
    ds
      .createQueryBuilder()
      .insert()
      .into(Customer)
      .values({ email: 'a@y', visits: 4 })
      .orUpdate(['visits'], ['email'])
      .execute(),
  'soft-delete builder': (ds) =>
    customers(ds).createQueryBuilder().softDelete().where('id = 3').execute(),
  'restore builder': (ds) => customers(ds).createQueryBuilder().restore().where('id = 3').execute(),
  'select builder, executed': (ds) => builder(ds).select('c.id').execute(),
  'relation builder': async (ds) => {
    const labels = ds.createQueryBuilder().relation(Order, 'labels').of(1);
    await labels.remove(1);
    await labels.add(1);
    await labels.loadMany();
    const customer = ds.createQueryBuilder().relation(Order, 'customer').of(1);
    await customer.set(null);
    await customer.set(1);
    await customer.loadOne();
  },
  'DataSource.query': (ds) => ds.query('SELECT 1'),
  'EntityManager.query': (ds) => ds.manager.query('SELECT 1'),
  'DataSource.sql': (ds) => ds.sql`SELECT ${1} AS one`,
  'QueryRunner.query': (ds) => withRunner(ds, (runner) => runner.query('SELECT 1')),
  transaction: (ds) => ds.transaction((manager) => manager.count(Customer)),
  'nested transaction': (ds) =>
    ds.transaction((outer) => outer.transaction((inner) => inner.count(Customer))),
  'transaction that is rolled back': (ds) =>
    failing(ds.transaction(() => Promise.reject(new Error('no')))),
  'transaction by hand': (ds) =>
    withRunner(ds, async (runner) => {
      await runner.startTransaction('SERIALIZABLE');
      await runner.query('SELECT 1');
      await runner.commitTransaction();
    }),
  'query-result cache': async (ds) => {
    await builder(ds).cache(10_000).getMany();
    await builder(ds).cache(10_000).getMany();
    await ds.queryResultCache?.clear();
  },
  'failing statement': (ds) => failing(ds.query('SELECT * FROM missing_table')),
  delete: (ds) => customers(ds).delete({ email: 'd@x' }),
  remove: async (ds) => customers(ds).remove(await customers(ds).findOneByOrFail({ id: 2 })),
  'schema of a runner': (ds) => withRunner(ds, (runner) => runner.hasTable('customer')),
  migrations: (ds) => ds.runMigrations(),
  'migration, undone': (ds) => ds.undoLastMigration(),
  'migrations, shown': (ds) => ds.showMigrations(),
  synchronize: (ds) => ds.synchronize(),
  'schema, logged': (ds) => ds.driver.createSchemaBuilder().log(),
  updateAll: (ds) => customers(ds).updateAll({ visits: 0 }),
  deleteAll: (ds) => ds.getRepository(Visit).deleteAll(),
  clear: (ds) => ds.getRepository(Visit).clear(),
};

/** What drivers of servers can do besides. */
export const STREAM_OPERATIONS: Readonly<Record<string, Operation>> = {
  'stream of a builder': async (ds) => exhaust(await builder(ds).stream()),
  'stream of a runner': (ds) =>
    withRunner(ds, async (runner) => exhaust(await runner.stream('SELECT 1 AS one'))),
  'stream, broken off': (ds) =>
    withRunner(ds, async (runner) => {
      const stream = (await runner.stream('SELECT 1 AS one')) as unknown as Readable;
      for await (const _ of stream) break;
      await untilClosed(stream);
    }),
};

/** The cursors that PostgreSQL has outside of procedures. */
export const CURSOR_OPERATIONS: Readonly<Record<string, Operation>> = {
  cursor: (ds) =>
    ds.transaction(async ({ queryRunner }) => {
      await queryRunner?.query('DECLARE numbers CURSOR FOR SELECT generate_series(1, 9)');
      await queryRunner?.query('FETCH 5 FROM numbers');
      await queryRunner?.query('FETCH 5 FROM numbers');
      await queryRunner?.query('CLOSE numbers');
    }),
};

async function exhaust(stream: unknown): Promise<void> {
  for await (const _ of stream as Readable) continue;
}

async function withRunner<T>(
  dataSource: DataSource,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    return await work(runner);
  } finally {
    await runner.release();
  }
}

async function failing(work: Promise<unknown>): Promise<void> {
  await work.then(
    () => {
      throw new Error('It should have failed.');
    },
    () => undefined,
  );
}
