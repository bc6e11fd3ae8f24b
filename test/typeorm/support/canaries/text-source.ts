import { instrumentDataSource } from 'nestjs-tracing/typeorm';
import type { DataSource } from 'typeorm';

/** An instrumented DataSource of a type, which takes every statement and executes none. */
export function textSource(type: string): DataSource {
  const runner = { query: (_sql: string) => Promise.resolve([]) };
  const driver = { createQueryRunner: () => runner };
  const query = (sql: string) => driver.createQueryRunner().query(sql);
  return instrumentDataSource({
    options: { type },
    driver,
    manager: {},
    initialize: () => Promise.resolve(),
    query,
  } as unknown as DataSource);
}
