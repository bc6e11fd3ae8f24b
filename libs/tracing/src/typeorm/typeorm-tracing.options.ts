import type { Attributes, TextMapPropagator } from '@opentelemetry/api';

/**
 * A statement that is about to be issued, as the callbacks of the application see it.
 *
 * @example
 * ```ts
 * const isHeartbeat = ({ text, parameters }: IssuedStatement) =>
 *   text === 'SELECT 1' && parameters.length === 0;
 * ```
 */
export interface IssuedStatement {
  /** The SQL text, unchanged. */
  readonly text: string;
  /** The parameters, as TypeORM hands them to the driver. */
  readonly parameters: readonly unknown[];
}

/**
 * What tells a statement that is not to be traced: a pattern of its text, or a function.
 *
 * @example
 * ```ts
 * const ignore: IgnoreRule[] = [/^SELECT 1$/, ({ text }) => text.includes('pg_stat')];
 * ```
 */
export type StatementIgnoreRule = RegExp | ((statement: IssuedStatement) => boolean);

/**
 * How the statements of a DataSource are traced. Every option is optional.
 *
 * @example
 * ```ts
 * TracedTypeOrmModule.forRoot(dataSourceOptions, { slowQueryMillis: 200, repeatedQueries: 10 });
 * ```
 */
export interface TypeOrmTracingOptions {
  /**
   * What `db.query.text` holds. `auto`: a statement with parameters as it is but for its comments, any
   * other without its literals, up to 4,096 tokens, as all of SQLite, into which TypeORM writes numbers
   * of entities. `sanitized`: every statement without its literals. `off`: nothing. Default: `auto`.
   */
  readonly queryText?: 'auto' | 'sanitized' | 'off';
  /**
   * Whether the message of a failed statement is recorded, and that of errors such as
   * EntityNotFoundError. Both quote values, so by default spans say class and code alone. Default:
   * false.
   */
  readonly errorMessages?: boolean;
  /**
   * Further attributes of a statement's span, given at its start so that samplers see them. What it
   * throws goes to `diag`; the statement runs.
   */
  readonly attributes?: (statement: IssuedStatement) => Attributes;
  /**
   * What happens if the driver makes spans of its own. `suppress`: they are suppressed, a statement
   * has one CLIENT span. `nest`: the statement's span is INTERNAL, the driver's CLIENT span lies
   * within. `off`: nothing, both are CLIENT spans. Default: looked up at the first statement,
   * `suppress` if an instrumentation has wrapped the driver or listens to its channels, else `off`.
   */
  readonly driverSpans?: 'suppress' | 'nest' | 'off';
  /**
   * How long a statement waits for a connection, in milliseconds, before the wait has a span of its
   * own, `acquire connection`. An acquisition that fails always has one. Default: 50.
   */
  readonly connectionWaitMillis?: number;
  /**
   * Whether the transaction that TypeORM opens by itself around `save`, `remove`, `softRemove` and
   * `recover` has a span. Default: false.
   */
  readonly implicitTransactions?: boolean;
  /** Whether entity operations have an INTERNAL span such as `save User`. Default: false. */
  readonly entityOperations?: boolean;
  /** Whether `db.response.returned_rows` is recorded, of streams too. Default: false. */
  readonly returnedRows?: boolean;
  /**
   * Whether parameters are recorded as `db.query.parameter.<key>`. They are what users typed.
   * Default: false.
   */
  readonly parameters?: boolean;
  /**
   * Whether a statement carries its trace context in a comment at its end. `true` takes the
   * propagator that is registered. Every text is then another one, so caches of prepared statements
   * are defeated. Default: false.
   */
  readonly sqlCommenter?: boolean | TextMapPropagator;
  /**
   * From how many milliseconds on, its wait for a connection not counted, a statement's span has the
   * event `slow query`. Default: never.
   */
  readonly slowQueryMillis?: number;
  /**
   * How many statements of one summary under one span make it have the event `repeated query`, with
   * their number: the N+1 problem. Default: never.
   */
  readonly repeatedQueries?: number;
  /**
   * Whether statements of one summary that repeat under one span have one span together beyond the limit
   * of `spanBudget.collapseAfter`: their number, times and failures, with the event `repeated query`. A
   * statement that carries its trace context (`sqlCommenter`) has a span of its own always. Default:
   * false.
   */
  readonly collapseRepeats?: boolean;
  /** Whether only statements inside of another span are traced. Default: false. */
  readonly requireParentSpan?: boolean;
  /** Which statements are not traced, such as those of health checks. Default: none. */
  readonly ignore?: StatementIgnoreRule | readonly StatementIgnoreRule[];
  /**
   * Whether `db.client.operation.duration` and the metrics of the connection pool are recorded, by
   * the registered meter provider. Default: false.
   */
  readonly metrics?: boolean;
}
