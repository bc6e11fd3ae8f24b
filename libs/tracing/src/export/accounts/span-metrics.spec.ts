import type { Attributes, BatchObservableCallback, Meter, MeterProvider } from '@opentelemetry/api';
import { createNoopMeter, metrics } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { SpanAccounts } from './span-accounts.js';
import { observeSpans } from './span-metrics.js';

const callbacks = new Set<BatchObservableCallback>();

/** A meter that keeps callbacks and names its instruments. */
function namedMeter(): Meter {
  const named = (name: string) => ({ name }) as never;
  return Object.assign(Object.create(createNoopMeter()) as Meter, {
    createObservableCounter: named,
    createObservableUpDownCounter: named,
    addBatchObservableCallback: (callback: BatchObservableCallback) => callbacks.add(callback),
    removeBatchObservableCallback: (callback: BatchObservableCallback) =>
      callbacks.delete(callback),
  });
}

function observed(): Record<string, number> {
  const values: Record<string, number> = {};
  const observe = (metric: object, value: number, attributes: Attributes = {}): void => {
    const { name } = metric as { name: string };
    const mark = attributes['error.type'] ?? attributes['otel.span.sampling_result'];
    const reason = mark as string | undefined;
    values[reason === undefined ? name : `${name}{${reason}}`] = value;
  };
  for (const callback of callbacks) void callback({ observe } as never);
  return values;
}

afterEach(() => metrics.disable());

describe('the self-observability metrics', () => {
  it('E3 R4 hold the books, every loss by its reason', () => {
    metrics.setGlobalMeterProvider({ getMeter: namedMeter } as MeterProvider);
    const accounts = new SpanAccounts();
    const stop = observeSpans(() => accounts.snapshot(), 2048);
    for (let span = 0; span < 17; span += 1) accounts.start();
    for (let span = 0; span < 15; span += 1) accounts.end();
    for (let span = 0; span < 10; span += 1) accounts.enqueue();
    accounts.skip();
    accounts.skip();
    accounts.exported(5);
    accounts.lose('non_retryable', 2);
    accounts.drop('queue_full', 3);
    expect(observed()).toEqual({
      'otel.sdk.span.started': 17,
      'otel.sdk.span.live': 2,
      'otel.sdk.processor.span.queue.size': 3,
      'otel.sdk.processor.span.queue.capacity': 2048,
      'otel.sdk.processor.span.processed': 5,
      'otel.sdk.processor.span.processed{RECORD_ONLY}': 2,
      'otel.sdk.processor.span.processed{queue_full}': 3,
      'otel.sdk.processor.span.processed{non_retryable}': 2,
      'otel.sdk.exporter.span.exported': 5,
      'otel.sdk.exporter.span.exported{non_retryable}': 2,
    });
    stop();
    expect(observed()).toEqual({});
  });

  it('cost nothing where no MeterProvider is registered', () => {
    expect(() => observeSpans(() => new SpanAccounts().snapshot(), 1)()).not.toThrow();
  });
});
