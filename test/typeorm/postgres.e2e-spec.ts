import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { POSTGRES, describeWithService, findPostgres } from '../support/services.js';
import { itTracesStatements, useBattery } from './support/battery.js';
import { connect, postgresEngine } from './support/engine.js';
import { Customer } from './support/entities.js';
import { connectLoggingServer } from './support/logging-server.js';
import { CURSOR_OPERATIONS, STREAM_OPERATIONS } from './support/operations.js';
import { inSpan } from './support/storm.js';
import { wrapDriver } from './support/wrapped-driver.js';

describeWithService(await findPostgres(), 'TypeORM on PostgreSQL', () => {
  const battery = useBattery(() => postgresEngine(POSTGRES, POSTGRES.database));

  itTracesStatements(battery, connectLoggingServer, {
    ...STREAM_OPERATIONS,
    ...CURSOR_OPERATIONS,
  });

  it('B6 describes a statement by the stable conventions', async () => {
    const dataSource = await connect(battery.engine);
    await dataSource.getRepository(Customer).countBy({ visits: 1 });
    await dataSource.destroy();
    const schema = (battery.engine.options as { schema?: string }).schema;
    expect(battery.spans.one(`SELECT "${schema}"."customer"`).attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.namespace': `test|${schema}`,
      'db.query.summary': `SELECT "${schema}"."customer"`,
      'db.query.text': expect.stringContaining('"visits" = $1'),
      'server.address': '127.0.0.1',
      'typeorm.connection.wait_ms': expect.any(Number),
    });
  });

  it('B7 tells parameterised text as it is but for its comments, or sanitized by option', async () => {
    for (const queryText of ['auto', 'sanitized'] as const) {
      const dataSource = await connect(battery.engine, { queryText });
      battery.spans.reset();
      await dataSource.query("SELECT 'x', -- y\n $1::int /* z */ + 1", [1]);
      await dataSource.destroy();
      const text = battery.spans.one('SELECT').attributes['db.query.text'];
      expect(text).toBe(queryText === 'auto' ? "SELECT 'x', $1::int + 1" : 'SELECT ?, $1::int + ?');
    }
  });

  it('B6 tells SQLSTATE and type of a failure', async () => {
    const dataSource = await connect(battery.engine);
    battery.spans.reset();
    await expect(dataSource.query('SELECT 1/0')).rejects.toThrow('division by zero');
    await dataSource.destroy();
    const { attributes, status, events } = battery.spans.one('SELECT');
    expect(attributes).toMatchObject({
      'error.type': '22012',
      'db.response.status_code': '22012',
    });
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: 'DatabaseError 22012' });
    expect(events[0]?.attributes?.['exception.type']).toBe('DatabaseError');
  });

  it('B6 tells a refused connection from a refused statement', async () => {
    const refused = connect(battery.engine, {}, { port: 1 });
    await expect(refused).rejects.toThrow();
    const { attributes } = battery.spans.one('DataSource.initialize');
    expect(attributes['error.type']).toBe('ECONNREFUSED');
    expect(attributes['db.response.status_code']).toBeUndefined();
  });

  it('B9 tells the server of each role of a replicated DataSource', async () => {
    const { host: _, ...credentials } = POSTGRES;
    const dataSource = await connect(
      battery.engine,
      {},
      {
        host: undefined,
        replication: {
          master: { ...credentials, host: '127.0.0.1' },
          slaves: [{ ...credentials, url: 'postgres://postgres@localhost:5432/test' }],
        },
      },
    );
    battery.spans.reset();
    await dataSource.getRepository(Customer).count();
    await dataSource.getRepository(Customer).update({ id: 1 }, { visits: 1 });
    await dataSource.destroy();
    const servers = battery.spans.finished.map((span) => span.attributes['server.address']);
    expect(servers).toEqual(['localhost', '127.0.0.1']);
  });

  it('B1 traces the extensions that the driver installs by itself', async () => {
    const dataSource = await connect(battery.engine, {}, { extensions: ['plpgsql'] });
    await dataSource.destroy();
    expect(battery.spans.named('SELECT pg_available_extensions')).toHaveLength(1);
  });

  it('B2 leaves one CLIENT span a statement when the driver is instrumented', async () => {
    using driver = wrapDriver();
    const dataSource = await connect(battery.engine, {}, { poolSize: 2 });
    battery.spans.reset();
    driver.spans = 0;
    await inSpan('request', () =>
      Promise.all([dataSource.query('SELECT 1'), dataSource.query('SELECT 2')]),
    );
    await dataSource.destroy();
    expect(battery.spans.tree()).toBe('request\n  SELECT\n  SELECT');
    expect(driver.spans).toBe(2);
  });

  it('B2 leaves no suppression and no start-up span behind in the sockets of the pool', async () => {
    using _driver = wrapDriver();
    const contexts = new Set<unknown>();
    class ObservedClient extends Client {
      constructor(...args: ConstructorParameters<typeof Client>) {
        super(...args);
        contexts.add(isTracingSuppressed(context.active()) || trace.getActiveSpan());
      }
    }
    const dataSource = await connect(battery.engine, {}, { extra: { Client: ObservedClient } });
    expect([...contexts]).toEqual([undefined]);
    await Promise.all([dataSource.query('SELECT 1'), dataSource.query('SELECT 2')]);
    await dataSource.destroy();
    expect(contexts).not.toContain(true);
    expect(
      battery.spans.finished.filter((span) => span.kind === SpanKind.CLIENT).length,
    ).toBeGreaterThan(2);
  });
});
