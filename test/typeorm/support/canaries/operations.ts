import { In, Like } from 'typeorm';
import type { DataSource } from 'typeorm';
import { Customer, Order } from '../entities.js';
import { CANARY, CANARY_EMAIL, CANARY_NUMBER } from './values.js';

/** Something that an application does with a value. */
export type Planting = (dataSource: DataSource) => Promise<unknown>;

const email = CANARY_EMAIL;
const visits = CANARY_NUMBER;
const customers = (ds: DataSource) => ds.getRepository(Customer);
const builder = (ds: DataSource) => customers(ds).createQueryBuilder('c');
const raw =
  (sql: string): Planting =>
  (ds) =>
    ds.query(sql);

/** Values in literals, comments, lists and documents. */
const STATEMENTS: readonly Planting[] = [
  raw(`SELECT '${CANARY}'`),
  raw(`SELECT '{"name": "${CANARY}"}' AS json, ${CANARY_NUMBER} AS number`),
  raw(`SELECT 1 /* ${CANARY} */ -- ${CANARY}`),
  raw(`SELECT id FROM customer WHERE email IN ('${CANARY}', 'it''s ${CANARY}', '${email}')`),
  raw(`SELECT id FROM customer WHERE id IN (${CANARY_NUMBER}, -${CANARY_NUMBER}.5)`),
  raw(`INSERT INTO customer(email) VALUES ('raw ${email}')`),
  (ds) => builder(ds).where(`c.email = '${CANARY}'`).getMany(),
  (ds) => builder(ds).comment(CANARY).getMany(),
  (ds) => builder(ds).comment(CANARY).where('c.email = :email', { email }).getMany(),
  (ds) => customers(ds).find({ comment: CANARY, where: { email } }),
];

/** Values in entities, conditions and parameters. */
const ENTITIES: readonly Planting[] = [
  (ds) => customers(ds).save({ email, visits }),
  (ds) => customers(ds).insert({ email: `2 ${email}`, visits }),
  (ds) => customers(ds).upsert({ email, visits }, ['email']),
  (ds) => customers(ds).update({ email }, { visits: CANARY_NUMBER - 1 }),
  (ds) => customers(ds).findBy({ email: In([email, CANARY]), visits }),
  (ds) => customers(ds).findBy({ email: Like(`%${CANARY}%`) }),
  (ds) =>
    builder(ds)
      .where('c.email IN (:...all)', { all: [email, CANARY] })
      .getMany(),
  (ds) => customers(ds).softDelete({ email: CANARY }),
  (ds) => customers(ds).delete({ email: CANARY }),
  async (ds) => {
    for (const id of [1, 2, 3]) await customers(ds).findOneBy({ id, email });
  },
];

/** What fails; databases quote values in what they say about it, and so does TypeORM. */
const FAILURES: readonly Planting[] = [
  (ds) => customers(ds).insert({ email }),
  (ds) => customers(ds).save({ email }),
  (ds) => customers(ds).insert({ email: CANARY.repeat(100) }),
  (ds) => ds.getRepository(Order).save({ title: CANARY, customer: { id: CANARY_NUMBER } }),
  (ds) => customers(ds).findOneByOrFail({ email: CANARY }),
  (ds) => customers(ds).findOneOrFail({ where: { email: CANARY } }),
  (ds) => builder(ds).where('c.email = :email', { email: CANARY }).getOneOrFail(),
  raw(`INSERT INTO customer(email, visits) VALUES ('x', '${CANARY}')`),
  raw(`INSERT INTO customer(id, email) VALUES (NULL, '${CANARY}'), (1, '${CANARY}')`),
  raw(`SELECT * FROM customer WHERE '${CANARY} and a quote that is not closed`),
  raw(`SELECT CAST('${CANARY}' AS numeric) '${CANARY}'`),
];

/** Failures inside of transactions and savepoints, and what is named in them. */
const TRANSACTIONS: readonly Planting[] = [
  (ds) => ds.transaction((manager) => manager.insert(Customer, { email })),
  (ds) =>
    ds.transaction(async (manager) => {
      await manager.query(`SAVEPOINT ${CANARY}`);
      await manager.query(`ROLLBACK TO SAVEPOINT ${CANARY}`);
      await manager.transaction((savepoint) => savepoint.insert(Customer, { email }));
    }),
  (ds) =>
    ds.transaction((manager) => manager.findOneByOrFail(Customer, { email: `${CANARY} missing` })),
];

/** What every engine is made to see. */
export const PLANTINGS: readonly Planting[] = [
  ...STATEMENTS,
  ...ENTITIES,
  ...FAILURES,
  ...TRANSACTIONS,
];
