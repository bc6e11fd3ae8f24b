import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import type { Battery } from './battery.js';
import { connect } from './engine.js';

/** A DataSource whose connections count the statements that the driver sends. */
export async function connectCountingClients(
  { engine }: Battery,
  options: object,
): Promise<[DataSource, () => Promise<number>]> {
  let sent = 0;
  class CountingClient extends Client {
    constructor(...args: ConstructorParameters<typeof Client>) {
      super(...args);
      const query = this.query.bind(this) as (...args: unknown[]) => unknown;
      const counted = (...statement: unknown[]): unknown => {
        sent += 1;
        return query(...statement);
      };
      Object.assign(this, { query: counted });
    }
  }
  const dataSource = await connect(engine, {}, { ...options, extra: { Client: CountingClient } });
  return [dataSource, () => Promise.resolve(sent)];
}
