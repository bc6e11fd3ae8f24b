import { SpanKind } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_DB_NAMESPACE,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '@opentelemetry/semantic-conventions';
import type { DataSource, ReplicationMode } from 'typeorm';
import { legalAttributes } from '../span/attributes.js';
import { guard } from '../span/guard.js';
import type { SpanSpec } from '../span/recording.js';
import { namespaceOf, systemName } from './database-system.js';
import { LruCache } from './lru-cache.js';
import { serverAddress } from './server-address.js';
import { describeStatement } from './sql/describe-statement.js';
import type { SqlDialect } from './sql/dialect.js';
import { dialectOf } from './sql/dialect.js';
import { describeStatementError } from './statement-error.js';
import type { ResolvedTypeOrmTracingOptions } from './typeorm-tracing.options.js';

const CACHED_STATEMENTS = 500;
const MAX_CACHED_LENGTH = 8192;

/**
 * The span specifications of the statements that one role of a DataSource issues. All attributes are
 * given at creation, so that samplers see them.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/
 */
export class StatementSpecs {
  readonly databaseAttributes: Attributes;
  readonly #options: ResolvedTypeOrmTracingOptions;
  readonly #dialect: SqlDialect;
  readonly #fallbackName: string;
  readonly #startUp: boolean;
  readonly #asItIs = new LruCache<SpanSpec>(CACHED_STATEMENTS);
  readonly #sanitized = new LruCache<SpanSpec>(CACHED_STATEMENTS);

  /**
   * @param serverSays the server's own word for its version, if it was heard
   * @param startUp whether the statements belong to the start of the DataSource
   */
  constructor(
    dataSource: DataSource,
    mode: ReplicationMode,
    options: ResolvedTypeOrmTracingOptions,
    serverSays: string | undefined,
    startUp: boolean,
  ) {
    const system = systemName(dataSource, serverSays);
    const namespace = namespaceOf(dataSource, system);
    this.#options = options;
    this.#dialect = dialectOf(system);
    this.#fallbackName = namespace ?? system;
    this.#startUp = startUp;
    this.databaseAttributes = withoutUndefined({
      [ATTR_DB_SYSTEM_NAME]: system,
      [ATTR_DB_NAMESPACE]: namespace,
      ...serverAttributes(dataSource, mode, system),
    });
  }

  /** The specification of a statement's span. */
  of(text: string, parameters: unknown): SpanSpec {
    const asItIs = this.#options.queryText !== 'sanitized' && hasParameters(parameters);
    const spec = this.#cached(text, asItIs);
    const { attributes } = this.#options;
    return attributes === undefined ? spec : this.#extended(spec, text, parameters);
  }

  #cached(text: string, asItIs: boolean): SpanSpec {
    const cache = asItIs ? this.#asItIs : this.#sanitized;
    const known = cache.get(text);
    if (known !== undefined) return known;
    const spec = this.#describe(text, asItIs);
    if (text.length <= MAX_CACHED_LENGTH) cache.set(text, spec);
    return spec;
  }

  #describe(sql: string, asItIs: boolean): SpanSpec {
    const { summary, text } = describeStatement(sql, this.#dialect, asItIs);
    const { queryText, errorMessages } = this.#options;
    const attributes = withoutUndefined({
      ...this.databaseAttributes,
      [ATTR_DB_QUERY_SUMMARY]: summary,
      [ATTR_DB_QUERY_TEXT]: queryText === 'off' ? undefined : text,
    });
    return {
      name: summary ?? this.#fallbackName,
      options: { kind: SpanKind.CLIENT, attributes },
      describeError: (error) => describeStatementError(error, errorMessages),
      startUp: this.#startUp,
    };
  }

  #extended(spec: SpanSpec, text: string, parameters: unknown): SpanSpec {
    const statement = { text, parameters: Array.isArray(parameters) ? parameters : [] };
    const added = guard('the attributes callback of TypeORM', () =>
      legalAttributes(this.#options.attributes?.(statement)),
    );
    const attributes = { ...spec.options.attributes, ...added };
    return { ...spec, options: { ...spec.options, attributes } };
  }
}

function serverAttributes(
  dataSource: DataSource,
  mode: ReplicationMode,
  system: string,
): Record<string, string | number | undefined> {
  const server = serverAddress(dataSource.options, mode, system);
  return { [ATTR_SERVER_ADDRESS]: server?.address, [ATTR_SERVER_PORT]: server?.port };
}

function hasParameters(parameters: unknown): boolean {
  if (Array.isArray(parameters)) return parameters.length > 0;
  return typeof parameters === 'object' && parameters !== null;
}

function withoutUndefined(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== undefined),
  ) as Attributes;
}
