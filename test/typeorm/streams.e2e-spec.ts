import { SpanKind } from '@opentelemetry/api';
import type { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { POSTGRES, describeWithService, findMariaDb, findPostgres } from '../support/services.js';
import { useBattery } from './support/battery.js';
import { connect, mariaDbEngine, postgresEngine } from './support/engine.js';
import { itTracesStreams } from './support/streams.js';
import { inSpan } from './support/storm.js';
import { wrapDriver } from './support/wrapped-driver.js';

describeWithService(await findMariaDb(), 'Streams of MariaDB', () => {
  itTracesStreams(useBattery(mariaDbEngine), {
    systemName: 'mariadb',
    rows: 'SELECT seq FROM seq_1_to_500',
    name: 'SELECT seq_1_to_500',
    failing: 'SELECT * FROM missing',
    failingName: 'SELECT missing',
    code: '1146',
    customers: () => 'SELECT `customer`',
  });
});

describeWithService(await findPostgres(), 'Streams of PostgreSQL', () => {
  const battery = useBattery(() => postgresEngine(POSTGRES, POSTGRES.database));

  itTracesStreams(battery, {
    systemName: 'postgresql',
    rows: 'SELECT n FROM generate_series(1, 500) n',
    name: 'SELECT generate_series',
    failing: 'SELECT 1 / (250 - n) FROM generate_series(1, 500) n',
    failingName: 'SELECT generate_series',
    code: '22012',
    customers: ({ options }) => `SELECT "${(options as { schema?: string }).schema}"."customer"`,
  });

  it('B2 B5 leaves a stream one CLIENT span when the driver is instrumented', async () => {
    using driver = wrapDriver();
    const dataSource = await connect(battery.engine);
    battery.spans.reset();
    driver.spans = 0;
    await inSpan('request', async () => {
      const runner = dataSource.createQueryRunner();
      const stream = await runner.stream('SELECT n FROM generate_series(1, 3) n');
      for await (const _ of stream as unknown as Readable) continue;
      await runner.release();
    });
    await dataSource.destroy();
    expect(driver.spans).toBe(1);
    const clients = battery.spans.finished.filter((span) => span.kind === SpanKind.CLIENT);
    expect(clients.map((span) => span.name)).toEqual(['SELECT generate_series']);
  });
});
