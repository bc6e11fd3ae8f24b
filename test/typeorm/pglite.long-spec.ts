import { describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '../support/pglite.js';
import { startPglite } from '../support/pglite.js';
import { itTracesStatements, useBattery } from './support/battery.js';
import { connect, postgresEngine } from './support/engine.js';
import { connectLoggingServer } from './support/logging-server.js';
import { CURSOR_OPERATIONS, STREAM_OPERATIONS } from './support/operations.js';

describe('TypeORM on embedded PostgreSQL', () => {
  let server: EmbeddedPostgres | undefined;
  const battery = useBattery(
    async () => {
      server = await startPglite();
      return postgresEngine({ host: server.host, port: server.port }, 'postgres');
    },
    async () => server?.stop(),
  );

  itTracesStatements(battery, connectLoggingServer, {
    ...STREAM_OPERATIONS,
    ...CURSOR_OPERATIONS,
  });

  it('B6 tells the port of a server that does not listen on the default one', async () => {
    const dataSource = await connect(battery.engine);
    battery.spans.reset();
    await dataSource.query('SELECT 1');
    await dataSource.destroy();
    expect(battery.spans.one('SELECT').attributes).toMatchObject({
      'server.address': '127.0.0.1',
      'server.port': server?.port,
    });
  });
});
