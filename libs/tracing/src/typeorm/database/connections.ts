import { SpanKind, context, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { ATTR_DB_SYSTEM_NAME, ATTR_SERVER_ADDRESS } from '@opentelemetry/semantic-conventions';
import type { ReplicationMode } from 'typeorm';
import { roundMillis } from '../../round-millis.js';
import type { AnyFunction } from '../../span/record.js';
import { opensSpans } from '../../span/span-site.js';
import { SpanRecording } from '../../span/recording.js';
import { connectionAddress, serverAttributes } from './connection-address.js';
import { poolState } from './pool.js';
import { describeStatementError } from '../statement/statement-error.js';
import { nowOf } from '../../tracer/clock/now-of.js';
import type { TracedDatabase } from '../traced-database.js';

/** How long a statement waited for its connection, in milliseconds. */
export const ATTR_WAIT = 'typeorm.connection.wait_ms';
/** How many others wait for a connection too. */
const ATTR_PENDING = 'typeorm.connection.pending_requests';

/** One acquisition of a connection. */
class Acquisition {
  readonly mode: ReplicationMode;
  /** The span of the statement that waits. */
  readonly statement: Span | undefined;
  /** Where it was asked for. */
  readonly context: Context;
  readonly startedAt: number;

  constructor(mode: ReplicationMode, statement: Span | undefined, ctx: Context) {
    this.mode = mode;
    this.statement = statement;
    this.context = ctx;
    this.startedAt = nowOf(statement);
  }

  /** How long it has taken so far. */
  get waitedMillis(): number {
    return nowOf(this.statement) - this.startedAt;
  }
}

/**
 * The connections that one DataSource takes from its pools. The statement that had to take one says
 * how long it waited. A wait over the threshold, and each that fails, has an INTERNAL span
 * `acquire connection`, from the asking to the answer, under the span that is active then.
 */
export class Connections {
  readonly #traced: TracedDatabase;
  #issuing = false;
  #outer: Span | undefined;
  #obtaining = false;

  constructor(traced: TracedDatabase) {
    this.#traced = traced;
  }

  /**
   * Issues a statement: a connection that is asked for at once is asked for by it.
   *
   * @param outer the span that it is issued in
   */
  whileIssuing<T>(outer: Span | undefined, issue: () => T): T {
    const [wasIssuing, before] = [this.#issuing, this.#outer];
    this.#issuing = true;
    this.#outer = outer;
    try {
      return issue();
    } finally {
      this.#issuing = wasIssuing;
      this.#outer = before;
    }
  }

  /** `driver.obtainMasterConnection()` and `obtainSlaveConnection()`. */
  obtain(mode: ReplicationMode, original: AnyFunction, driver: unknown, args: unknown[]): unknown {
    // Without replicas TypeORM's own method for one calls the one for the master.
    if (this.#obtaining) return Reflect.apply(original, driver, args as never[]);
    const ctx = context.active();
    if (this.#traced.metrics === undefined && !opensSpans(ctx)) {
      return Reflect.apply(original, driver, args as never[]);
    }
    const active = this.#issuing ? trace.getSpan(ctx) : undefined;
    // One of very many statements has no span of its own.
    const statement = active === this.#outer ? undefined : active;
    const acquisition = new Acquisition(mode, statement, ctx);
    return this.#whenAcquired(acquisition, this.#callOnce(original, driver, args, acquisition));
  }

  /** Not an async function, whose state and second promise each statement would pay for. */
  #whenAcquired(acquisition: Acquisition, connection: unknown): Promise<unknown> {
    return Promise.resolve(connection).then(
      (obtained) => {
        this.#acquired(acquisition, obtained);
        return obtained;
      },
      (error: unknown) => {
        this.#failed(acquisition, error);
        throw error;
      },
    );
  }

  #callOnce(
    original: AnyFunction,
    driver: unknown,
    args: unknown[],
    acquisition: Acquisition,
  ): unknown {
    this.#obtaining = true;
    try {
      return Reflect.apply(original, driver, args as never[]);
    } catch (error) {
      this.#failed(acquisition, error);
      throw error;
    } finally {
      this.#obtaining = false;
    }
  }

  #acquired(acquisition: Acquisition, connection: unknown): void {
    const { statement, waitedMillis: waited } = acquisition;
    const server = this.#serverOf(acquisition.mode, connection);
    statement?.setAttribute(ATTR_WAIT, roundMillis(waited));
    if (server !== undefined) statement?.setAttributes(server);
    this.#traced.metrics?.recordWait(waited);
    if (waited < this.#traced.options.connectionWaitMillis) return;
    this.#open(acquisition, waited, server)?.succeed(undefined);
  }

  #failed(acquisition: Acquisition, error: unknown): void {
    const { statement, waitedMillis: waited } = acquisition;
    statement?.setAttribute(ATTR_WAIT, roundMillis(waited));
    this.#traced.metrics?.countTimeout();
    this.#open(acquisition, waited)?.fail(error);
  }

  /** Opened when it has ended: most waits are not worth a span. */
  #open(
    { mode, startedAt, context: ctx }: Acquisition,
    waited: number,
    server?: Attributes,
  ): SpanRecording | undefined {
    const site = this.#traced.startUp.site(this.#traced.options.requireParentSpan, ctx);
    if (site === undefined) return undefined;
    const attributes: Attributes = { ...this.#traced.attributes(mode), ...server };
    attributes[ATTR_WAIT] = roundMillis(waited);
    const pending = poolState(this.#traced.dataSource.driver)?.pending;
    if (pending !== undefined) attributes[ATTR_PENDING] = pending;
    const spec = {
      name: 'acquire connection',
      options: { kind: SpanKind.INTERNAL, attributes, startTime: startedAt },
      describeError: (error: unknown) =>
        describeStatementError(error, this.#traced.options.errorMessages),
      startUp: this.#traced.startUp.running,
    };
    return new SpanRecording(site.tracer, spec, site.parent);
  }

  /** Of several replicas the pool has picked one: only its connection says which. */
  #serverOf(mode: ReplicationMode, connection: unknown): Attributes | undefined {
    const database = this.#traced.attributes(mode);
    if (database[ATTR_SERVER_ADDRESS] !== undefined) return undefined;
    return serverAttributes(connectionAddress(connection), String(database[ATTR_DB_SYSTEM_NAME]));
  }
}
