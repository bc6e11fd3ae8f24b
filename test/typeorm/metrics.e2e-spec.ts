import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { DataPoint, Histogram } from '@opentelemetry/sdk-metrics';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { POSTGRES, describeWithService, findPostgres } from '../support/services.js';
import { useBattery } from './support/battery.js';
import { connect, postgresEngine } from './support/engine.js';

type Points = readonly DataPoint<number | Histogram>[];

describeWithService(await findPostgres(), 'The metrics of PostgreSQL', () => {
  const battery = useBattery(() => postgresEngine(POSTGRES, POSTGRES.database));
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
  let provider: MeterProvider;
  beforeAll(() => {
    provider = new MeterProvider({ readers: [reader] });
    metrics.setGlobalMeterProvider(provider);
  });
  afterAll(async () => {
    await provider.shutdown();
    metrics.disable();
  });

  async function pointsOf(name: string): Promise<Points> {
    await reader.forceFlush();
    const scopes = exporter.getMetrics().at(-1)?.scopeMetrics ?? [];
    const all = scopes.flatMap((scope) => scope.metrics);
    return (all.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []) as Points;
  }

  it('B8 tells the duration of operations, of failures too, by summary', async () => {
    const dataSource = await connect(battery.engine, { metrics: true });
    await dataSource.query('SELECT 1');
    await expect(dataSource.query('SELECT 1/0')).rejects.toThrow('division');
    const points = (await pointsOf('db.client.operation.duration')) as DataPoint<Histogram>[];
    const selects = points.filter((p) => p.attributes['db.query.summary'] === 'SELECT');
    const failed = selects.find((p) => p.attributes['error.type'] === '22012');
    expect(failed?.attributes).toMatchObject({
      'db.system.name': 'postgresql',
      'db.response.status_code': '22012',
      'server.address': '127.0.0.1',
    });
    expect(failed?.value.count).toBe(1);
    expect(failed?.value.buckets.boundaries).toEqual([
      0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10,
    ]);
    for (const { attributes } of points) expect(attributes).not.toHaveProperty('db.query.text');
    await dataSource.destroy();
  });

  it('B8 tells what the pool is at, until it is destroyed', async () => {
    const dataSource = await connect(battery.engine, { metrics: true }, { poolSize: 2 });
    const runner = dataSource.createQueryRunner();
    await runner.query('SELECT 1');
    const states = (await pointsOf('db.client.connection.count')).map(({ attributes, value }) => [
      attributes['db.client.connection.state'],
      value,
    ]);
    expect(Object.fromEntries(states)).toMatchObject({ used: 1 });
    expect((await pointsOf('db.client.connection.max'))[0]?.value).toBe(2);
    expect((await pointsOf('db.client.connection.wait_time')).length).toBeGreaterThan(0);
    await runner.release();
    await dataSource.destroy();
  });
});
