import type { DataSource, QueryRunner, ReplicationMode } from 'typeorm';
import type { AnyFunction } from '../span/record.js';
import { record, spanSite } from '../span/record.js';
import { driverMakesSpans, withoutDriverSpan } from './driver-spans.js';
import { shadowMethod } from './shadow-method.js';
import { StartUp } from './start-up.js';
import { StatementSpecs } from './statement-specs.js';
import { describeStatementError } from './statement-error.js';
import type { ResolvedTypeOrmTracingOptions } from './typeorm-tracing.options.js';

/** What is learned of a database when it is connected. */
interface Connected {
  readonly specs: Map<ReplicationMode, StatementSpecs>;
  readonly driverMakesSpans: boolean;
}

/** A statement on its way to the database. */
interface Statement {
  readonly text: unknown;
  readonly parameters?: unknown;
  readonly mode: ReplicationMode;
  /** Undefined for a statement that the driver issues by itself. */
  readonly runner: QueryRunner | undefined;
}

/**
 * Gives every statement of one DataSource a span, by shadowing methods of the instances it is made
 * of: `initialize`, the driver's `createQueryRunner`, and `query` of every runner that comes from it.
 */
export class StatementTracer {
  readonly #dataSource: DataSource;
  readonly #options: ResolvedTypeOrmTracingOptions;
  readonly #startUp = new StartUp();
  readonly #runners = new WeakSet<object>();
  #connected: Connected | undefined;
  #serverSays: string | undefined;

  constructor(dataSource: DataSource, options: ResolvedTypeOrmTracingOptions) {
    this.#dataSource = dataSource;
    this.#options = options;
  }

  /** Shadows the methods; once per DataSource. */
  attach(): void {
    const { driver } = this.#dataSource;
    shadowMethod(this.#dataSource, 'initialize', (original, dataSource, args) =>
      this.#initialize(() => Reflect.apply(original, dataSource, args)),
    );
    shadowMethod(driver, 'createQueryRunner', (original, receiver, args) =>
      this.#attachRunner(Reflect.apply(original, receiver, args) as QueryRunner),
    );
    // The PostgreSQL driver installs extensions without a query runner.
    shadowMethod(driver, 'executeQuery', (original, receiver, args) =>
      this.#trace({ text: args[1], mode: 'master', runner: undefined }, original, receiver, args),
    );
  }

  /** The SQLite drivers answer with the same runner each time. */
  #attachRunner(runner: QueryRunner): QueryRunner {
    if (this.#runners.has(runner)) return runner;
    this.#runners.add(runner);
    const { mode = 'master' } = runner as { mode?: ReplicationMode };
    shadowMethod(runner, 'query', (original, receiver, args) => {
      const statement = { text: args[0], parameters: args[1], mode, runner };
      const result = this.#trace(statement, original, receiver, args);
      if (this.#startUp.running) this.#hearVersion(args[0], result);
      return result;
    });
    return runner;
  }

  #initialize(initialize: AnyFunction): unknown {
    if (this.#dataSource.isInitialized) return initialize();
    this.#connected = undefined;
    this.#serverSays = undefined;
    const { databaseAttributes } = this.#specsOf('master', true);
    const describe = (error: unknown) => describeStatementError(error, this.#options.errorMessages);
    return this.#startUp.run(databaseAttributes, describe, initialize);
  }

  #trace(
    { text, parameters, mode, runner }: Statement,
    original: AnyFunction,
    receiver: unknown,
    args: ArrayLike<unknown>,
  ): unknown {
    const site = typeof text === 'string' ? this.#startUp.siteOf(spanSite()) : undefined;
    if (site === undefined) return Reflect.apply(original, receiver, args as never[]);
    const connected = this.#learned();
    const spec = this.#specsIn(connected, mode).of(text as string, parameters);
    if (!connected.driverMakesSpans) return record(site, spec, original, receiver, args);
    return record(site, spec, withoutDriverSpan, undefined, [runner, original, receiver, args]);
  }

  /** While the DataSource starts, its version and schema are not known yet: nothing is kept. */
  #learned(): Connected {
    if (this.#connected !== undefined) return this.#connected;
    const connected = { specs: new Map(), driverMakesSpans: driverMakesSpans(this.#dataSource) };
    const settled = this.#dataSource.isInitialized && !this.#startUp.running;
    if (settled) this.#connected = connected;
    return connected;
  }

  #specsIn({ specs }: Connected, mode: ReplicationMode): StatementSpecs {
    let ofMode = specs.get(mode);
    if (ofMode === undefined) {
      ofMode = this.#specsOf(mode, this.#startUp.running);
      specs.set(mode, ofMode);
    }
    return ofMode;
  }

  #specsOf(mode: ReplicationMode, startUp: boolean): StatementSpecs {
    return new StatementSpecs(this.#dataSource, mode, this.#options, this.#serverSays, startUp);
  }

  /** TypeORM asks a MySQL server for its version and throws away that it is MariaDB. */
  #hearVersion(text: unknown, result: unknown): void {
    if (this.#dataSource.options.type !== 'mysql' || !isVersionQuery(text)) return;
    Promise.resolve(result as Promise<{ version?: unknown }[]>).then(
      ([row]) => {
        if (typeof row?.version === 'string') this.#serverSays = row.version;
      },
      () => undefined,
    );
  }
}

function isVersionQuery(text: unknown): boolean {
  return typeof text === 'string' && /^SELECT VERSION\(\)/i.test(text);
}
