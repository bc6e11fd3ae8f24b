import { trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { recordSpans } from 'nestjs-tracing/testing';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { ValuePlanter } from './canaries/value-planter.js';
import { canariesIn } from './canaries/values.js';
import { coverOperations } from './coverage.js';
import type { Engine } from './engine.js';
import { connect } from './engine.js';
import type { Operation } from './operations.js';
import { AddNotes1700000000001, OPERATIONS } from './operations.js';
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

/** A DataSource, and how many statements its database has seen so far, by its own account. */
export type Counting = [dataSource: DataSource, issued: () => Promise<number>];

/** The storm of 900, which every driver passes. */
export function itKeepsTheStormApart(battery: Battery): void {
  it('B1 keeps 900 statements of 150 concurrent requests under their own requests', async () => {
    expect(await runStorm(battery.engine, battery.spans)).toEqual({
      statements: 900,
      wrongParents: 0,
      lostContexts: 0,
    });
    battery.spans.assertNoOpenSpans();
    expect(trace.getActiveSpan()).toBeUndefined();
  });
}

/**
 * The tests that every server passes.
 *
 * @param operations what this one can do besides
 */
export function itTracesStatements(
  battery: Battery,
  connectCounting: (battery: Battery, options: object) => Promise<Counting>,
  operations: Readonly<Record<string, Operation>>,
): void {
  itKeepsTheStormApart(battery);

  it('B1 B4 keeps 60 concurrent transactions, with savepoints, on a pool of 3 apart', async () => {
    const result = await runTransactionStorm(battery.engine, battery.spans);
    expect(result).toEqual({ spans: 0, misplaced: 0 });
    battery.spans.assertNoOpenSpans();
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  it('B1 gives every statement of every kind of operation one span', async () => {
    const options = { migrations: [AddNotes1700000000001], cache: true };
    const [dataSource, issued] = await connectCounting(battery, options);
    const all = { ...OPERATIONS, ...operations };
    const covered = await coverOperations(dataSource, battery.spans, all, issued);
    await dataSource.destroy();
    expect(covered.filter(({ issued, spans }) => issued !== spans)).toEqual([]);
    expect(covered.filter(({ misplaced }) => misplaced > 0)).toEqual([]);
    expect(covered.filter(({ issued }) => issued === 0)).toEqual([]);
    expect(covered).toHaveLength(Object.keys(all).length);
  });

  it('B7 lets no value out by default, in statements or errors', async () => {
    const { engine, spans } = battery;
    const dataSource = await connect(engine);
    const failed = await new ValuePlanter(dataSource).plant(engine.systemName);
    await dataSource.destroy();
    expect(failed).toBeGreaterThanOrEqual(10);
    expect(spans.finished.map(tellingOf).filter((text) => canariesIn(text).length > 0)).toEqual([]);
  });

  it('B7 lets values out in messages if it is asked to', async () => {
    const { engine, spans } = battery;
    const dataSource = await connect(engine, { errorMessages: true });
    await new ValuePlanter(dataSource).plant(engine.systemName);
    await dataSource.destroy();
    const telling = spans.finished.filter((span) => canariesIn(tellingOf(span)).length > 0);
    expect(telling.length).toBeGreaterThan(0);
  });

  it('B11 has one root for the start', async () => {
    const dataSource = await connect(battery.engine);
    await dataSource.destroy();
    const roots = battery.spans.finished.filter((span) => span.parentSpanContext === undefined);
    expect(roots.map((span) => span.name)).toEqual(['DataSource.initialize']);
    expect(battery.spans.finished.length).toBeGreaterThan(10);
  });
}

/** All that a span says. */
function tellingOf({ name, attributes, events, status, links }: ReadableSpan): string {
  return JSON.stringify({ name, attributes, events, status, links });
}
