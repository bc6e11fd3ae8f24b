import { Client } from 'pg';
import type { Battery, Counting } from './battery.js';
import { connect } from './engine.js';

/** What the server logs of a statement; a stream's further rows are `execute fetch from`. */
const STATEMENT = /^(?:statement|execute (?!fetch from)\S+): /;

/** A DataSource whose server logs each statement to the very connection it came by. */
export async function connectLoggingServer(
  { engine }: Battery,
  options: object,
): Promise<Counting> {
  let logged = 0;
  class ListeningClient extends Client {
    constructor(...args: ConstructorParameters<typeof Client>) {
      super(...args);
      this.on('notice', ({ severity, message = '' }) => {
        if (severity === 'LOG' && STATEMENT.test(message)) logged += 1;
      });
    }
  }
  const extra = {
    Client: ListeningClient,
    options: '-c log_statement=all -c client_min_messages=log',
  };
  const dataSource = await connect(engine, {}, { ...options, extra });
  // PGlite heeds no start-up options, and has one session for all connections.
  await dataSource.query("SET log_statement = 'all'");
  await dataSource.query("SET client_min_messages = 'log'");
  return [dataSource, () => Promise.resolve(logged)];
}
