import { createRequire } from 'node:module';
import { Test } from '@nestjs/testing';
import { propagation } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TracingModuleOptions } from '../options/tracing-options.interface.js';
import { TracingModule } from '../tracing.module.js';

const { cache } = createRequire(import.meta.url);
const isLoaded = (): boolean =>
  Object.keys(cache).some((file) => /@opentelemetry[\\/]sdk-node[\\/]/.test(file));

async function whileRunning(options: TracingModuleOptions, look: () => void): Promise<void> {
  const imports = [TracingModule.forRoot({ exporter: 'none', strict: true, ...options })];
  const app = await Test.createTestingModule({ imports }).compile();
  look();
  await app.close();
}

describe('NodeSDK', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is not loaded for traces alone, and is for metrics', async () => {
    await whileRunning({}, () => expect(isLoaded()).toBe(false));
    for (const signal of ['METRICS', 'LOGS']) vi.stubEnv(`OTEL_${signal}_EXPORTER`, 'none');
    await whileRunning({}, () => expect(isLoaded()).toBe(false));
    vi.unstubAllEnvs();
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter });
    await whileRunning({ sdk: { metricReaders: [reader] } }, () => expect(isLoaded()).toBe(true));
  });

  it('makes the propagators that the environment names', async () => {
    vi.stubEnv('OTEL_PROPAGATORS', 'b3');
    await whileRunning({}, () => expect(propagation.fields()).toContain('b3'));
  });
});
