import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { SpanKind } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { POSTGRES, describeWithService, findMariaDb, findPostgres } from '../support/services.js';
import { useBattery } from './support/battery.js';
import { connect, mariaDbEngine, postgresEngine } from './support/engine.js';
import { Customer } from './support/entities.js';
import { inSpan } from './support/storm.js';

const REQUESTS = 40;

describeWithService(await findPostgres(), 'DataSources on PostgreSQL', () => {
  const battery = useBattery(() => postgresEngine(POSTGRES, POSTGRES.database));

  it('B9 traces each statement once after destroy() and a second initialize()', async () => {
    const dataSource = await connect(battery.engine);
    await dataSource.destroy();
    dataSource.setOptions({ synchronize: false, dropSchema: false });
    await dataSource.initialize();
    battery.spans.reset();
    await inSpan('request', () =>
      dataSource.transaction((manager) => manager.countBy(Customer, { id: 1 })),
    );
    await dataSource.destroy();
    const names = clientSpans(battery.spans.finished).map((span) => span.name);
    expect(names).toEqual(['START TRANSACTION', expect.stringMatching(/customer"$/), 'COMMIT']);
    battery.spans.assertNoOpenSpans();
  });

  it('B9 tells the new server after destroy() and a second initialize() elsewhere', async () => {
    const dataSource = await connect(battery.engine);
    await dataSource.query('SELECT 1');
    await dataSource.destroy();
    const elsewhere = { synchronize: false, dropSchema: false, host: 'localhost' };
    dataSource.setOptions(elsewhere as object);
    await dataSource.initialize();
    battery.spans.reset();
    await dataSource.query('SELECT 1');
    await dataSource.destroy();
    expect(battery.spans.one('SELECT').attributes['server.address']).toBe('localhost');
  });

  it('B9 keeps the roles of a replicated DataSource apart among parallel requests', async () => {
    const { host: _, ...credentials } = POSTGRES;
    const replication = {
      master: { ...credentials, host: '127.0.0.1' },
      slaves: [{ ...credentials, host: 'localhost' }],
    };
    const dataSource = await connect(battery.engine, {}, { host: undefined, replication });
    battery.spans.reset();
    const customers = dataSource.getRepository(Customer);
    await Promise.all(
      Array.from({ length: REQUESTS }, async (_each, id) => {
        await inSpan('reader', () => customers.countBy({ id }));
        await inSpan('writer', () => customers.update({ id }, { visits: 1 }));
      }),
    );
    await dataSource.destroy();
    const servers = (name: string): unknown[] =>
      battery.spans.named(name).flatMap((span) => {
        const statements = battery.spans.childrenOf(span);
        return statements.map(({ attributes }) => attributes['server.address']);
      });
    expect(servers('reader')).toEqual(Array(REQUESTS).fill('localhost'));
    expect(servers('writer')).toEqual(Array(REQUESTS).fill('127.0.0.1'));
  });
});

const both =
  (await findPostgres()).missing === undefined ? await findMariaDb() : await findPostgres();

describeWithService(both, 'Two DataSources at once', () => {
  const postgres = useBattery(() => postgresEngine(POSTGRES, POSTGRES.database));

  it('B9 keeps two servers apart in the same requests', async () => {
    const orders = await connect(postgres.engine);
    const engine = await mariaDbEngine();
    const stock = await connect(engine);
    postgres.spans.reset();
    await Promise.all(
      Array.from({ length: REQUESTS }, (_each, id) =>
        inSpan(`request ${id}`, () =>
          Promise.all([
            orders.getRepository(Customer).countBy({ id }),
            stock.transaction((manager) => manager.countBy(Customer, { id })),
          ]),
        ),
      ),
    );
    await orders.destroy();
    await stock.destroy();
    await engine.drop();
    const { finished } = postgres.spans;
    const systems = clientSpans(finished.filter(hasParent)).map(
      ({ attributes }) => attributes['db.system.name'],
    );
    expect(systems.filter((system) => system === 'postgresql')).toHaveLength(REQUESTS);
    expect(systems.filter((system) => system === 'mariadb')).toHaveLength(REQUESTS * 3);
  });
});

function hasParent({ parentSpanContext }: ReadableSpan): boolean {
  return parentSpanContext !== undefined;
}

function clientSpans(spans: readonly ReadableSpan[]): ReadableSpan[] {
  return spans.filter((span) => span.kind === SpanKind.CLIENT);
}
