import { ValueType, metrics } from '@opentelemetry/api';
import type { Attributes, Counter, Histogram, Meter, MeterProvider } from '@opentelemetry/api';
import {
  ATTR_DB_NAMESPACE,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  METRIC_DB_CLIENT_OPERATION_DURATION,
} from '@opentelemetry/semantic-conventions';
import { VERSION } from '../../version.js';
import type { PoolState } from './pool.js';

/** The bounds that the conventions advise, in seconds. */
const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

const OPERATION_ATTRIBUTES = [
  ATTR_DB_SYSTEM_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
];

const ATTR_POOL_NAME = 'db.client.connection.pool.name';
const ATTR_POOL_STATE = 'db.client.connection.state';

interface Instruments {
  readonly provider: MeterProvider;
  readonly duration: Histogram;
  readonly wait: Histogram;
  readonly timeouts: Counter;
  readonly stop: () => void;
}

/**
 * The metrics of one DataSource: the duration of its operations and what its pool is at. Recorded by
 * the meter provider that is registered then, sampled spans or not.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-metrics/
 */
export class DatabaseMetrics {
  readonly #pool: () => PoolState | undefined;
  readonly #poolName: () => string;
  #instruments: Instruments | undefined;

  /**
   * @param poolName tells the pool from others of the process
   * @param pool the state of the pool when it is asked for
   */
  constructor(poolName: () => string, pool: () => PoolState | undefined) {
    this.#poolName = poolName;
    this.#pool = pool;
  }

  /**
   * Records one operation.
   *
   * @param millis from its issue to its result
   * @param attributes those of its span; the ones of low cardinality are taken
   * @param failure the attributes of its failure
   */
  recordOperation(millis: number, attributes: Attributes, failure: Attributes): void {
    const told: Attributes = { ...failure };
    for (const key of OPERATION_ATTRIBUTES) {
      if (attributes[key] !== undefined) told[key] = attributes[key];
    }
    this.#current().duration.record(millis / 1000, told);
  }

  /** Records how long a connection was waited for. */
  recordWait(millis: number): void {
    this.#current().wait.record(millis / 1000, { [ATTR_POOL_NAME]: this.#poolName() });
  }

  /** Counts a connection that was not got. */
  countTimeout(): void {
    this.#current().timeouts.add(1, { [ATTR_POOL_NAME]: this.#poolName() });
  }

  /** Lets go of the pool. */
  stop(): void {
    this.#instruments?.stop();
    this.#instruments = undefined;
  }

  /** OpenTelemetry has no proxy for meters: one that is asked for too early stays dead. */
  #current(): Instruments {
    const provider = metrics.getMeterProvider();
    if (this.#instruments?.provider === provider) return this.#instruments;
    this.#instruments?.stop();
    this.#instruments = this.#create(provider);
    return this.#instruments;
  }

  #create(provider: MeterProvider): Instruments {
    const meter = provider.getMeter('nestjs-tracing', VERSION);
    return {
      provider,
      duration: histogram(
        meter,
        METRIC_DB_CLIENT_OPERATION_DURATION,
        'Duration of database client operations.',
      ),
      wait: histogram(
        meter,
        'db.client.connection.wait_time',
        'The time it took to obtain an open connection from the pool.',
      ),
      timeouts: meter.createCounter('db.client.connection.timeouts', {
        unit: '{timeout}',
        description: 'The number of connection requests that failed.',
        valueType: ValueType.INT,
      }),
      stop: this.#observePool(meter),
    };
  }

  #observePool(meter: Meter): () => void {
    const gauge = (name: string, unit: string) =>
      meter.createObservableUpDownCounter(`db.client.connection.${name}`, { unit });
    const count = gauge('count', '{connection}');
    const pending = gauge('pending_requests', '{request}');
    const max = gauge('max', '{connection}');
    const observe = (result: Parameters<Parameters<Meter['addBatchObservableCallback']>[0]>[0]) => {
      const state = this.#pool();
      if (state === undefined) return;
      const name = { [ATTR_POOL_NAME]: this.#poolName() };
      result.observe(count, state.idle, { ...name, [ATTR_POOL_STATE]: 'idle' });
      result.observe(count, state.used, { ...name, [ATTR_POOL_STATE]: 'used' });
      result.observe(pending, state.pending, name);
      if (state.max !== undefined) result.observe(max, state.max, name);
    };
    const observed = [count, pending, max];
    meter.addBatchObservableCallback(observe, observed);
    return () => meter.removeBatchObservableCallback(observe, observed);
  }
}

function histogram(meter: Meter, name: string, description: string): Histogram {
  const advice = { explicitBucketBoundaries: SECONDS };
  return meter.createHistogram(name, { unit: 's', description, advice });
}
