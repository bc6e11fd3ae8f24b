import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { AnyFunction } from '../span/record.js';
import { opensSpans } from '../span/span-site.js';
import { Connections } from './database/connections.js';
import { DatabaseMetrics } from './database/database-metrics.js';
import { concealEntityErrors } from './statement/entity-errors.js';
import { ENTITY_OPERATIONS, EntityOperations } from './statement/entity-operations.js';
import { DatabaseProfile } from './database/database-profile.js';
import { MethodShadows } from './shadow/method-shadows.js';
import { poolName, poolState } from './database/pool.js';
import type { Replacement } from './shadow/stand-in.js';
import { replaceMethod } from './shadow/stand-in.js';
import { describeStatementError } from './statement/statement-error.js';
import { StartUp } from './start-up.js';
import { OwnRunner } from './statement/own-runner.js';
import { StatementTracer } from './statement/statement-tracer.js';
import { Transactions } from './transaction/transactions.js';
import type { TracedDatabase } from './traced-database.js';
import type { ResolvedTypeOrmTracingOptions } from './typeorm-tracing.schema.js';

/** The methods of an entity manager that open a transaction of their own. */
const PERSISTING = ['save', 'remove', 'softRemove', 'recover'] as const;

/**
 * Traces one DataSource by shadowing methods of the instances it is made of: its own, its driver's,
 * and those of every query runner and entity manager that comes from it.
 */
export class DataSourceTracer {
  readonly #dataSource: DataSource;
  readonly #options: ResolvedTypeOrmTracingOptions;
  readonly #startUp = new StartUp();
  readonly #metrics: DatabaseMetrics | undefined;
  readonly #traced: TracedDatabase;
  readonly #database: DatabaseProfile;
  readonly #connections: Connections;
  readonly #transactions: Transactions;
  readonly #statements: StatementTracer;
  readonly #ownRunner: OwnRunner;
  readonly #runnerShadows: MethodShadows;
  readonly #managerShadows: MethodShadows;

  constructor(dataSource: DataSource, options: ResolvedTypeOrmTracingOptions) {
    const { driver } = dataSource;
    this.#dataSource = dataSource;
    this.#ownRunner = new OwnRunner(dataSource);
    this.#options = options;
    if (options.metrics) {
      this.#metrics = new DatabaseMetrics(
        () => poolName(this.#database.attributes()),
        () => poolState(driver),
      );
    }
    this.#traced = {
      dataSource,
      options,
      startUp: this.#startUp,
      metrics: this.#metrics,
      attributes: (mode) => this.#database.attributes(mode),
    };
    this.#database = new DatabaseProfile(this.#traced);
    this.#connections = new Connections(this.#traced);
    this.#transactions = new Transactions(this.#traced, (runner) => this.#attachManagerOf(runner));
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
    replaceMethod(this.#dataSource, 'initialize', (original, dataSource, args) =>
      this.#initialize(() => Reflect.apply(original, dataSource, args)),
    );
    this.#ownRunner.attach(this.#statements);
    replaceMethod(this.#dataSource, 'createEntityManager', (original, dataSource, args) => {
      const manager = Reflect.apply(original, dataSource, args) as EntityManager;
      return this.#isLeftAlone(args[0]) ? manager : this.#attachManager(manager);
    });
    replaceMethod(this.#dataSource, 'destroy', (original, dataSource, args) => {
      this.#transactions.abandonAll();
      this.#metrics?.stop();
      return Reflect.apply(original, dataSource, args);
    });
  }

  #attachDriver(): void {
    const { driver } = this.#dataSource;
    replaceMethod(driver, 'createQueryRunner', (original, receiver, args) =>
      this.#attachRunner(Reflect.apply(original, receiver, args) as QueryRunner),
    );
    replaceMethod(driver, 'obtainMasterConnection', (original, receiver, args) =>
      this.#connections.obtain('master', original, receiver, args),
    );
    replaceMethod(driver, 'obtainSlaveConnection', (original, receiver, args) =>
      this.#connections.obtain('slave', original, receiver, args),
    );
    // The PostgreSQL driver installs extensions without a query runner.
    replaceMethod(driver, 'executeQuery', (original, receiver, args) =>
      this.#statements.executeQuery(original, receiver, args),
    );
  }

  /** The SQLite drivers return the same runner each time. */
  #attachRunner(runner: QueryRunner): QueryRunner {
    if (!this.#ownRunner.isAsking) this.#runnerShadows.on(runner);
    return runner;
  }

  #attachManager(manager: EntityManager): EntityManager {
    this.#managerShadows.on(manager);
    return manager;
  }

  /**
   * Every statement makes a manager for its runner, which hardly ever opens a transaction. Made where
   * no span opens it is left alone, until its runner starts a transaction that has one.
   */
  #isLeftAlone(runner: unknown): boolean {
    if (this.#ownRunner.isAsking) return true;
    return runner !== undefined && !this.#options.entityOperations && !opensSpans();
  }

  /** One that is asked of the driver has none. */
  #attachManagerOf({ manager }: Partial<QueryRunner>): void {
    if (manager !== undefined) this.#attachManager(manager);
  }

  #shadowsOfRunners(): MethodShadows {
    const statements = this.#statements;
    const transactions = this.#transactions;
    return new MethodShadows([
      [
        'query',
        (original, runner, args) =>
          this.#ownRunner.isAsking
            ? Reflect.apply(original, runner, args)
            : statements.query(original, runner, args),
      ],
      ['stream', (original, runner, args) => statements.stream(original, runner, args)],
      ['startTransaction', (original, runner, args) => transactions.start(original, runner, args)],
      [
        'commitTransaction',
        (original, runner, args) => transactions.commit(original, runner, args),
      ],
      [
        'rollbackTransaction',
        (original, runner, args) => transactions.rollback(original, runner, args),
      ],
      ['release', (original, runner, args) => transactions.release(original, runner, args)],
    ]);
  }

  #shadowsOfManagers(): MethodShadows {
    const transactions = this.#transactions;
    const persist: Replacement = (original, manager, args) =>
      transactions.implicit(original, manager, args);
    return new MethodShadows([
      ['transaction', (original, manager, args) => transactions.around(original, manager, args)],
      ...PERSISTING.map((name) => [name, persist] as const),
      ...(this.#options.entityOperations ? this.#replacementsOfOperations() : []),
    ]);
  }

  #replacementsOfOperations(): (readonly [string, Replacement])[] {
    const operations = new EntityOperations(this.#traced);
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
