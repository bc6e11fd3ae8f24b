import { SpanKind, trace } from '@opentelemetry/api';
import { Client } from 'pg';

type Query = (this: unknown, ...args: unknown[]) => unknown;

/** A driver that an instrumentation has wrapped. */
export interface WrappedDriver extends Disposable {
  /** How many spans the instrumentation has asked for. */
  spans: number;
}

/** Wraps the driver of PostgreSQL as instrumentations do: a CLIENT span around each `query`. */
export function wrapDriver(): WrappedDriver {
  const prototype = Client.prototype as unknown as { query: Query };
  const original = prototype.query;
  const driver = {
    spans: 0,
    [Symbol.dispose]: () => {
      prototype.query = original;
    },
  };
  const wrapped: Query = function (...args) {
    driver.spans += 1;
    const span = trace.getTracer('driver').startSpan('pg.query', { kind: SpanKind.CLIENT });
    const answer = Reflect.apply(original, this, args);
    return Promise.resolve(answer).finally(() => span.end());
  };
  prototype.query = Object.assign(wrapped, { __wrapped: true });
  return driver;
}
