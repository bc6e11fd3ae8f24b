import type { DataSource, EntityManager, QueryRunner, ReplicationMode } from 'typeorm';
import type { AnyFunction } from '../span/record.js';
import { Connections } from './connections.js';
import { DatabaseMetrics } from './database-metrics.js';
import { concealEntityErrors } from './entity-errors.js';
import { ENTITY_OPERATIONS, EntityOperations } from './entity-operations.js';
import { KnownDatabase } from './known-database.js';
import type { MethodShadows, Replacement } from './method-shadows.js';
import { poolName, poolState } from './pool.js';
import type { RunnerMethod } from './object-shadows.js';
import { managerShadows, runnerShadows } from './object-shadows.js';
import { shadowMethod } from './shadow-method.js';
import { describeStatementError } from './statement-error.js';
import { StartUp } from './start-up.js';
import { StatementTracer } from './statement-tracer.js';
import { Transactions } from './transactions.js';
import type { ResolvedTypeOrmTracingOptions } from './typeorm-tracing.options.js';

/**
 * Traces one DataSource by shadowing methods of the instances it is made of: its own, its driver's,
 * and those of every query runner and entity manager that comes from it.
 */
export class DataSourceTracer {
  readonly #dataSource: DataSource;
  readonly #options: ResolvedTypeOrmTracingOptions;
  readonly #startUp = new StartUp();
  readonly #metrics: DatabaseMetrics | undefined;
  readonly #database: KnownDatabase;
  readonly #connections: Connections;
  readonly #transactions: Transactions;
  readonly #statements: StatementTracer;
  readonly #runnerShadows: MethodShadows<RunnerMethod>;
  readonly #managerShadows: MethodShadows<string>;

  constructor(dataSource: DataSource, options: ResolvedTypeOrmTracingOptions) {
    const { driver } = dataSource;
    this.#dataSource = dataSource;
    this.#options = options;
    if (options.metrics) {
      this.#metrics = new DatabaseMetrics(
        () => poolName(this.#database.attributes()),
        () => poolState(driver),
      );
    }
    const common = [dataSource, options, this.#startUp] as const;
    this.#database = new KnownDatabase(...common, this.#metrics);
    const attributes = (mode?: ReplicationMode) => this.#database.attributes(mode);
    this.#connections = new Connections(...common, attributes, this.#metrics);
    this.#transactions = new Transactions(...common, attributes);
    this.#statements = new StatementTracer(options, {
      startUp: this.#startUp,
      database: this.#database,
      connections: this.#connections,
      transactions: this.#transactions,
      metrics: this.#metrics,
    });
    this.#runnerShadows = this.#shadowsOfRunners();
    this.#managerShadows = this.#shadowsOfManagers();
  }

  /** Shadows the methods; once per DataSource. */
  attach(): void {
    if (!this.#options.errorMessages) concealEntityErrors();
    this.#attachDataSource();
    this.#attachDriver();
    this.#attachManager(this.#dataSource.manager);
  }

  #attachDataSource(): void {
    shadowMethod(this.#dataSource, 'initialize', (original, dataSource, args) =>
      this.#initialize(() => Reflect.apply(original, dataSource, args)),
    );
    shadowMethod(this.#dataSource, 'createEntityManager', (original, dataSource, args) =>
      this.#attachManager(Reflect.apply(original, dataSource, args) as EntityManager),
    );
    shadowMethod(this.#dataSource, 'destroy', (original, dataSource, args) => {
      this.#transactions.abandonAll();
      this.#metrics?.stop();
      return Reflect.apply(original, dataSource, args);
    });
  }

  #attachDriver(): void {
    const { driver } = this.#dataSource;
    shadowMethod(driver, 'createQueryRunner', (original, receiver, args) =>
      this.#attachRunner(Reflect.apply(original, receiver, args) as QueryRunner),
    );
    shadowMethod(driver, 'obtainMasterConnection', (original, receiver, args) =>
      this.#connections.obtain('master', original, receiver, args),
    );
    shadowMethod(driver, 'obtainSlaveConnection', (original, receiver, args) =>
      this.#connections.obtain('slave', original, receiver, args),
    );
    // The PostgreSQL driver installs extensions without a query runner.
    shadowMethod(driver, 'executeQuery', (original, receiver, args) =>
      this.#statements.executeQuery(original, receiver, args),
    );
  }

  /** The SQLite drivers answer with the same runner each time. */
  #attachRunner(runner: QueryRunner): QueryRunner {
    this.#runnerShadows.on(runner);
    return runner;
  }

  #attachManager(manager: EntityManager): EntityManager {
    this.#managerShadows.on(manager);
    return manager;
  }

  #shadowsOfRunners(): MethodShadows<RunnerMethod> {
    const statements = this.#statements;
    const transactions = this.#transactions;
    return runnerShadows({
      query: (original, runner, args) => statements.query(original, runner, args),
      stream: (original, runner, args) => statements.stream(original, runner, args),
      startTransaction: (original, runner, args) => transactions.start(original, runner, args),
    });
  }

  #shadowsOfManagers(): MethodShadows<string> {
    const transactions = this.#transactions;
    return managerShadows(
      (original, manager, args) => transactions.around(original, manager, args),
      (original, manager, args) => transactions.implicit(original, manager, args),
      this.#options.entityOperations ? this.#replacementsOfOperations() : [],
    );
  }

  #replacementsOfOperations(): (readonly [string, Replacement])[] {
    const operations = new EntityOperations(this.#dataSource, this.#options, this.#startUp, () =>
      this.#database.attributes(),
    );
    return ENTITY_OPERATIONS.map(
      (name) =>
        [
          name,
          (original, manager, args) => operations.call(name, original, manager, args),
        ] as const,
    );
  }

  #initialize(initialize: AnyFunction): unknown {
    if (this.#dataSource.isInitialized) return initialize();
    this.#database.forget();
    const describe = (error: unknown) => describeStatementError(error, this.#options.errorMessages);
    return this.#startUp.run(this.#database.attributes(), describe, initialize);
  }
}
