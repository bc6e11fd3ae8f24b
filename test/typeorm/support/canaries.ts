import { Traced } from 'nestjs-tracing';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import type { DataSource } from 'typeorm';
import { Customer, Order } from './entities.js';

const CANARY = 'canary';
const NUMBER_CANARY = 987_654_321;

/** Plants values wherever a statement can hold one; its own spans see every error on its way out. */
export class CanaryService {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  @Traced()
  async plant(): Promise<number> {
    let failed = 0;
    for (const statement of this.#statements()) {
      await this.issue(statement).catch(() => (failed += 1));
    }
    return failed;
  }

  @Traced()
  async issue(statement: (dataSource: DataSource) => Promise<unknown>): Promise<void> {
    await statement(this.#dataSource);
  }

  #statements(): ((dataSource: DataSource) => Promise<unknown>)[] {
    const email = `${CANARY}@secret.example`;
    const raw = (sql: string) => (ds: DataSource) => ds.query(sql);
    return [
      raw(`SELECT '${CANARY}'`),
      raw(`SELECT '{"name": "${CANARY}"}' AS json, ${NUMBER_CANARY} AS number`),
      raw(`SELECT 1 /* ${CANARY} */ -- ${CANARY}`),
      raw(`SELECT id FROM customer WHERE email IN ('${CANARY}', 'it''s ${CANARY}', '${email}')`),
      raw(`SELECT id FROM customer WHERE id IN (${NUMBER_CANARY}, -${NUMBER_CANARY}.5)`),
      (ds) => ds.getRepository(Customer).save({ email, visits: NUMBER_CANARY }),
      (ds) => ds.getRepository(Customer).findBy({ email, visits: NUMBER_CANARY }),
      (ds) =>
        ds.getRepository(Customer).createQueryBuilder('c').where(`c.email = '${CANARY}'`).getMany(),
      (ds) => ds.getRepository(Customer).save({ email }),
      (ds) => ds.getRepository(Customer).insert({ email: CANARY.repeat(100) }),
      (ds) => ds.getRepository(Order).save({ title: CANARY, customer: { id: NUMBER_CANARY } }),
      raw(`INSERT INTO customer(email) VALUES ('${email}')`),
      raw(`INSERT INTO customer(email, visits) VALUES ('x', '${CANARY}')`),
      raw(`SELECT * FROM customer WHERE '${CANARY} and a quote that is not closed`),
      raw(`SELECT CAST('${CANARY}' AS numeric) '${CANARY}'`),
    ];
  }
}

/** The canaries that are found in anything a span holds. */
export function findCanaries(spans: SpanRecorder): string[] {
  return spans.finished
    .map(({ name, attributes, events, status, links }) =>
      JSON.stringify({ name, attributes, events, status, links }),
    )
    .filter((text) => text.includes(CANARY) || text.includes(String(NUMBER_CANARY)));
}
