import { trace } from '@opentelemetry/api';
import { recordSpans } from 'nestjs-tracing/testing';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { CanaryService, findCanaries } from './canaries.js';
import { coverOperations } from './coverage.js';
import type { Engine } from './engine.js';
import { connect } from './engine.js';
import { AddNotes1700000000001 } from './operations.js';
import { runStorm, runTransactionStorm } from './storm.js';

/** Where a battery of tests runs. */
export interface Battery {
  readonly engine: Engine;
  readonly spans: SpanRecorder;
}

/** Starts the engine and the recording before the tests of a suite, and stops both after them. */
export function useBattery(start: () => Promise<Engine>, stop?: () => Promise<void>): Battery {
  const battery: { engine?: Engine; spans?: SpanRecorder } = {};
  beforeAll(async () => {
    battery.engine = await start();
    battery.spans = recordSpans();
  });
  beforeEach(() => battery.spans?.reset());
  afterAll(async () => {
    await battery.spans?.stop();
    await battery.engine?.drop();
    await stop?.();
  });
  return battery as Battery;
}

/** The tests that every engine passes. */
export function itTracesStatements(
  battery: Battery,
  connectCounting: (
    battery: Battery,
    options: object,
  ) => Promise<[DataSource, () => Promise<number>]>,
): void {
  it('B1 keeps 900 statements of 150 concurrent requests under their own requests', async () => {
    expect(await runStorm(battery.engine, battery.spans)).toEqual({
      statements: 900,
      wrongParents: 0,
      lostContexts: 0,
    });
    battery.spans.assertNoOpenSpans();
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  it('B1 B4 keeps 60 concurrent transactions, with savepoints, on a pool of 3 apart', async () => {
    const result = await runTransactionStorm(battery.engine, battery.spans);
    expect(result).toEqual({ spans: 0, misplaced: 0 });
    battery.spans.assertNoOpenSpans();
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  it('B1 gives every statement of every kind of operation one span', async () => {
    const options = { migrations: [AddNotes1700000000001], cache: true };
    const [dataSource, issued] = await connectCounting(battery, options);
    const covered = await coverOperations(dataSource, battery.spans, issued);
    await dataSource.destroy();
    expect(covered.filter(({ issued, spans }) => issued !== spans)).toEqual([]);
    expect(covered.filter(({ misplaced }) => misplaced > 0)).toEqual([]);
    expect(covered.filter(({ issued }) => issued === 0)).toEqual([]);
    expect(covered.length).toBeGreaterThanOrEqual(34);
  });

  it('B7 lets no value out by default, in statements or errors', async () => {
    const dataSource = await connect(battery.engine);
    const failed = await new CanaryService(dataSource).plant();
    await dataSource.destroy();
    expect(failed).toBeGreaterThanOrEqual(6);
    expect(findCanaries(battery.spans)).toEqual([]);
  });

  it('B7 lets values out in messages if it is asked to', async () => {
    const dataSource = await connect(battery.engine, { errorMessages: true });
    await new CanaryService(dataSource).plant();
    await dataSource.destroy();
    expect(findCanaries(battery.spans).length).toBeGreaterThan(0);
  });

  it('B11 has one root for the start', async () => {
    const dataSource = await connect(battery.engine);
    await dataSource.destroy();
    const roots = battery.spans.finished.filter((span) => span.parentSpanContext === undefined);
    expect(roots.map((span) => span.name)).toEqual(['DataSource.initialize']);
    expect(battery.spans.finished.length).toBeGreaterThan(10);
  });
}
