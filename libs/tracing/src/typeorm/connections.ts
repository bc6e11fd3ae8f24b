import { SpanKind, trace } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { ATTR_DB_SYSTEM_NAME, ATTR_SERVER_ADDRESS } from '@opentelemetry/semantic-conventions';
import type { DataSource, ReplicationMode } from 'typeorm';
import type { AnyFunction, SpanSite } from '../span/record.js';
import { SpanRecording } from '../span/recording.js';
import { connectionAddress, serverAttributes } from './connection-address.js';
import { DatabaseMetrics } from './database-metrics.js';
import { poolState } from './pool.js';
import { describeStatementError } from './statement-error.js';
import type { StartUp } from './start-up.js';
import type { ResolvedTypeOrmTracingOptions } from './typeorm-tracing.options.js';

/** How long a statement waited for its connection, in milliseconds. */
export const ATTR_WAIT = 'typeorm.connection.wait_ms';
/** How many others wait for a connection too. */
const ATTR_PENDING = 'typeorm.connection.pending_requests';

/** One acquisition of a connection. */
interface Acquisition {
  readonly mode: ReplicationMode;
  readonly startedAt: number;
  /** The span of the statement that waits. */
  readonly statement: Span | undefined;
  readonly site: SpanSite | undefined;
}

/**
 * The connections that one DataSource takes from its pools. The statement that had to take one says
 * how long it waited. A wait over the threshold, and each that fails, has an INTERNAL span
 * `acquire connection`, from the asking to the answer, under the span that is active then.
 */
export class Connections {
  readonly #dataSource: DataSource;
  readonly #options: ResolvedTypeOrmTracingOptions;
  readonly #startUp: StartUp;
  readonly #attributes: (mode: ReplicationMode) => Attributes;
  readonly #metrics: DatabaseMetrics | undefined;
  #issuing = false;
  #obtaining = false;

  /** @param attributes what is said of the database that a role talks to */
  constructor(
    dataSource: DataSource,
    options: ResolvedTypeOrmTracingOptions,
    startUp: StartUp,
    attributes: (mode: ReplicationMode) => Attributes,
    metrics: DatabaseMetrics | undefined,
  ) {
    this.#dataSource = dataSource;
    this.#options = options;
    this.#startUp = startUp;
    this.#attributes = attributes;
    this.#metrics = metrics;
  }

  /** Issues a statement: a connection that is asked for at once is asked for by it. */
  whileIssuing<T>(issue: () => T): T {
    this.#issuing = true;
    try {
      return issue();
    } finally {
      this.#issuing = false;
    }
  }

  /** `driver.obtainMasterConnection()` and `obtainSlaveConnection()`. */
  obtain(mode: ReplicationMode, original: AnyFunction, driver: unknown, args: unknown[]): unknown {
    const call = (): unknown => Reflect.apply(original, driver, args as never[]);
    // Without replicas TypeORM's own method for one calls the one for the master.
    if (this.#obtaining) return call();
    const statement = this.#issuing ? trace.getActiveSpan() : undefined;
    const site = this.#startUp.site(this.#options.requireParentSpan);
    if (site === undefined && this.#metrics === undefined) return call();
    return this.#measure({ mode, startedAt: performance.now(), statement, site }, call);
  }

  async #measure(acquisition: Acquisition, call: () => unknown): Promise<unknown> {
    try {
      const connection = await this.#callOnce(call);
      this.#acquired(acquisition, connection);
      return connection;
    } catch (error) {
      this.#failed(acquisition, error);
      throw error;
    }
  }

  #callOnce(call: () => unknown): unknown {
    this.#obtaining = true;
    try {
      return call();
    } finally {
      this.#obtaining = false;
    }
  }

  #acquired(acquisition: Acquisition, connection: unknown): void {
    const { statement, startedAt } = acquisition;
    const waited = performance.now() - startedAt;
    const server = this.#serverOf(acquisition.mode, connection);
    statement?.setAttribute(ATTR_WAIT, round(waited));
    if (server !== undefined) statement?.setAttributes(server);
    this.#metrics?.recordWait(waited);
    if (waited < this.#options.connectionWaitMillis) return;
    this.#open(acquisition, waited, server)?.succeed(undefined);
  }

  #failed(acquisition: Acquisition, error: unknown): void {
    const waited = performance.now() - acquisition.startedAt;
    acquisition.statement?.setAttribute(ATTR_WAIT, round(waited));
    this.#metrics?.countTimeout();
    this.#open(acquisition, waited)?.fail(error);
  }

  /** Opened when it has ended: most waits are not worth a span. */
  #open(
    { mode, startedAt, site }: Acquisition,
    waited: number,
    server?: Attributes,
  ): SpanRecording | undefined {
    if (site === undefined) return undefined;
    const attributes: Attributes = { ...this.#attributes(mode), ...server };
    attributes[ATTR_WAIT] = round(waited);
    const pending = poolState(this.#dataSource.driver)?.pending;
    if (pending !== undefined) attributes[ATTR_PENDING] = pending;
    const spec = {
      name: 'acquire connection',
      options: { kind: SpanKind.INTERNAL, attributes, startTime: startedAt },
      describeError: (error: unknown) => describeStatementError(error, this.#options.errorMessages),
      startUp: this.#startUp.running,
    };
    return new SpanRecording(site.tracer, spec, site.parent);
  }

  /** Of several replicas the pool has picked one: only its connection says which. */
  #serverOf(mode: ReplicationMode, connection: unknown): Attributes | undefined {
    const database = this.#attributes(mode);
    if (database[ATTR_SERVER_ADDRESS] !== undefined) return undefined;
    return serverAttributes(connectionAddress(connection), String(database[ATTR_DB_SYSTEM_NAME]));
  }
}

function round(millis: number): number {
  return Math.round(millis * 1000) / 1000;
}
