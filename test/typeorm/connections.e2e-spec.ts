import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import {
  MARIADB,
  POSTGRES,
  describeWithService,
  findMariaDb,
  findPostgres,
} from '../support/services.js';
import type { Battery } from './support/battery.js';
import { useBattery } from './support/battery.js';
import { connect, mariaDbEngine, postgresEngine } from './support/engine.js';
import { inSpan } from './support/storm.js';

const WAIT = 'typeorm.connection.wait_ms';

/** The tests that both drivers with a pool pass. */
function itShowsTheWait(battery: Battery, exhausted: object): void {
  it('B3 shows how long a statement waited for its connection, in a span if it was long', async () => {
    const dataSource = await connect(battery.engine, { connectionWaitMillis: 20 }, { poolSize: 1 });
    const holder = dataSource.createQueryRunner();
    await holder.connect();
    battery.spans.reset();
    const waiting = inSpan('request', () => dataSource.query('SELECT 1'));
    setTimeout(() => void holder.release(), 60);
    await waiting;
    await dataSource.query('SELECT 2');
    await dataSource.destroy();
    const [slow, fast] = battery.spans.named('SELECT');
    expect(battery.spans.tree()).toBe('request\n  SELECT\n    acquire connection\nSELECT');
    expect(slow?.attributes[WAIT]).toBeGreaterThan(40);
    expect(fast?.attributes[WAIT]).toBeLessThan(20);
    const acquisition = battery.spans.one('acquire connection');
    expect(acquisition.kind).toBe(SpanKind.INTERNAL);
    expect(acquisition.attributes[WAIT]).toBe(slow?.attributes[WAIT]);
    expect(acquisition.attributes['server.address']).toBe('127.0.0.1');
    expect(acquisition.duration[1]).toBeGreaterThan(40e6);
  });

  it('B3 B8 marks as slow what the database is slow at, not what waits for it', async () => {
    const options = { connectionWaitMillis: 20, slowQueryMillis: 50 };
    const dataSource = await connect(battery.engine, options, { poolSize: 1 });
    const holder = dataSource.createQueryRunner();
    await holder.connect();
    battery.spans.reset();
    const waiting = dataSource.query('SELECT 1');
    setTimeout(() => void holder.release(), 100);
    await waiting;
    await dataSource.destroy();
    const span = battery.spans.one('SELECT');
    expect(span.attributes[WAIT]).toBeGreaterThan(50);
    expect(span.events).toEqual([]);
  });

  it('B3 shows an exhausted pool as errors, with the wait', async () => {
    const dataSource = await connect(battery.engine, {}, { poolSize: 1, extra: exhausted });
    const holder = dataSource.createQueryRunner();
    await holder.connect();
    const other = [dataSource.query('SELECT 2').catch(() => 'refused')];
    battery.spans.reset();
    await expect(dataSource.query('SELECT 3')).rejects.toThrow();
    await holder.query('SELECT 4');
    await holder.release();
    await Promise.all(other);
    await dataSource.destroy();
    const failed = battery.spans.finished.filter((s) => s.status.code === SpanStatusCode.ERROR);
    const names = new Set(failed.map((span) => span.name));
    expect([...names].toSorted()).toEqual(['SELECT', 'acquire connection']);
    for (const span of failed) expect(span.attributes[WAIT]).toBeTypeOf('number');
    for (const span of failed) expect(span.status.message).not.toBe('_OTHER');
  });

  it('B3 puts the wait under the span of who connects a runner by hand', async () => {
    const dataSource = await connect(battery.engine, { connectionWaitMillis: 0 });
    battery.spans.reset();
    const runner = dataSource.createQueryRunner();
    await inSpan('request', async (span) => {
      await runner.connect();
      expect((span as { attributes?: object }).attributes).toEqual({});
    });
    await runner.query('SELECT 1');
    await runner.release();
    await dataSource.destroy();
    expect(battery.spans.tree()).toBe('request\n  acquire connection\nSELECT');
    expect(battery.spans.one('SELECT').attributes[WAIT]).toBeUndefined();
  });
}

describeWithService(await findPostgres(), 'The pool of PostgreSQL', () => {
  const battery = useBattery(() => postgresEngine(POSTGRES, POSTGRES.database));

  itShowsTheWait(battery, { connectionTimeoutMillis: 50 });

  it('B3 tells which of several replicas was chosen', async () => {
    const { host: _, ...credentials } = POSTGRES;
    const slaves = ['127.0.0.1', 'localhost'].map((host) => ({ ...credentials, host }));
    const replication = { master: { ...credentials, host: '127.0.0.1' }, slaves };
    const dataSource = await connect(battery.engine, {}, { host: undefined, replication });
    battery.spans.reset();
    for (let at = 0; at < 12; at += 1) {
      const runner = dataSource.createQueryRunner('slave');
      await runner.query('SELECT 1');
      await runner.query('SELECT 2');
      await runner.release();
    }
    await dataSource.destroy();
    const servers = battery.spans.named('SELECT').map((s) => s.attributes['server.address']);
    expect(new Set(servers)).toEqual(new Set(['127.0.0.1', 'localhost']));
    for (let at = 0; at < 24; at += 2) expect(servers[at]).toBe(servers[at + 1]);
  });
});

describeWithService(await findMariaDb(), 'The pool of MariaDB', () => {
  const battery = useBattery(mariaDbEngine);

  itShowsTheWait(battery, { queueLimit: 1 });

  it('B3 shows a refused connection', async () => {
    const refused = connect(battery.engine, {}, { ...MARIADB, port: 1 });
    await expect(refused).rejects.toThrow();
    const { attributes } = battery.spans.one('DataSource.initialize');
    expect(attributes['error.type']).toBe('ECONNREFUSED');
  });
});
