import { SpanKind } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { ATTR_DB_SYSTEM_NAME, ATTR_SERVER_ADDRESS } from '@opentelemetry/semantic-conventions';
import type { QueryRunner, ReplicationMode } from 'typeorm';
import { connectionAddress, serverAttributes } from './connection-address.js';
import { describeDatabase } from './database-description.js';
import { driverMakesSpans } from '../statement/driver-spans.js';
import type { StatementLayer } from '../statement/statement-layers.js';
import { statementLayers } from '../statement/statement-layers.js';
import { StatementSpecs } from '../statement/statement-specs.js';
import type { TracedDatabase } from '../traced-database.js';

/** A query runner, with the connection that it holds if it shows it. */
export type ConnectedRunner = QueryRunner & {
  readonly mode?: ReplicationMode;
  readonly databaseConnection?: unknown;
};

/** The findings about a database at the first statement after its start. */
export interface Findings {
  /** By role, and by address where a role has several servers. */
  readonly specs: Map<string, StatementSpecs>;
  readonly kind: SpanKind;
  /** Around statements, and around streams. */
  readonly layers: StatementLayer | undefined;
  readonly streamLayers: StatementLayer | undefined;
  /** Whether statements may have to wait for a connection. */
  readonly hasPool: boolean;
}

/** Knows the database of one DataSource. */
export class DatabaseProfile {
  readonly #traced: TracedDatabase;
  #findings: Findings | undefined;
  #serverSays: string | undefined;

  constructor(traced: TracedDatabase) {
    this.#traced = traced;
  }

  /** Another server may be connected to next. */
  forget(): void {
    this.#findings = undefined;
    this.#serverSays = undefined;
  }

  /** While the DataSource starts, its version and schema are not known yet: nothing is kept. */
  findings(): Findings {
    if (this.#findings !== undefined) return this.#findings;
    const found = this.#find();
    if (this.#traced.dataSource.isInitialized && !this.#traced.startUp.running)
      this.#findings = found;
    return found;
  }

  /** Returns what is said of the database that a role talks to. */
  attributes(mode: ReplicationMode = 'master'): Attributes {
    return this.#specs(this.findings(), mode).database;
  }

  /** Returns the specifications of what a runner issues. */
  specsOf(findings: Findings, runner: ConnectedRunner | undefined): StatementSpecs {
    const mode = runner?.mode ?? 'master';
    const specs = this.#specs(findings, mode);
    if (!findings.hasPool || specs.database[ATTR_SERVER_ADDRESS] !== undefined) return specs;
    return this.#specsOfServer(findings, specs, runner?.databaseConnection);
  }

  /** TypeORM asks a MySQL server for its version and throws away that it is MariaDB. */
  hearVersion(text: unknown, result: unknown): void {
    if (this.#traced.dataSource.options.type !== 'mysql' || !isVersionQuery(text)) return;
    Promise.resolve(result as Promise<{ version?: unknown }[]>).then(
      ([row]) => {
        if (typeof row?.version === 'string') this.#serverSays = row.version;
      },
      () => undefined,
    );
  }

  #find(): Findings {
    const options = this.#traced.options;
    const driverSpans =
      options.driverSpans ?? (driverMakesSpans(this.#traced.dataSource) ? 'suppress' : 'off');
    const settings = { options, suppressDriver: driverSpans === 'suppress' };
    return {
      specs: new Map(),
      kind: driverSpans === 'nest' ? SpanKind.INTERNAL : SpanKind.CLIENT,
      layers: statementLayers({ ...settings, metrics: this.#traced.metrics }),
      streamLayers: statementLayers({
        ...settings,
        options: { ...options, slowQueryMillis: undefined },
        metrics: undefined,
      }),
      hasPool: this.#describe('master')[ATTR_DB_SYSTEM_NAME] !== 'sqlite',
    };
  }

  #specs(findings: Findings, mode: ReplicationMode): StatementSpecs {
    let specs = findings.specs.get(mode);
    if (specs === undefined) {
      specs = this.#create(findings, this.#describe(mode));
      findings.specs.set(mode, specs);
    }
    return specs;
  }

  /** Of several replicas the pool picks one: the connection says which. */
  #specsOfServer(findings: Findings, ofRole: StatementSpecs, connection: unknown): StatementSpecs {
    const server = connectionAddress(connection);
    if (server === undefined) return ofRole;
    const key = `${server.address}:${server.port}`;
    let specs = findings.specs.get(key);
    if (specs === undefined) {
      const system = String(ofRole.database[ATTR_DB_SYSTEM_NAME]);
      const database = { ...ofRole.database, ...serverAttributes(server, system) };
      specs = this.#create(findings, database);
      findings.specs.set(key, specs);
    }
    return specs;
  }

  #create({ kind }: Findings, database: Attributes): StatementSpecs {
    return new StatementSpecs(this.#traced.options, {
      database,
      kind,
      startUp: this.#traced.startUp.running,
    });
  }

  #describe(mode: ReplicationMode): Attributes {
    return describeDatabase(this.#traced.dataSource, mode, this.#serverSays);
  }
}

function isVersionQuery(text: unknown): boolean {
  return typeof text === 'string' && /^SELECT VERSION\(\)/i.test(text);
}
