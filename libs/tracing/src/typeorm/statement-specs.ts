import { SpanKind } from '@opentelemetry/api';
import type { Attributes, Link } from '@opentelemetry/api';
import {
  ATTR_DB_NAMESPACE,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_SYSTEM_NAME,
} from '@opentelemetry/semantic-conventions';
import { addLegalAttributes } from '../span/attributes.js';
import { guard } from '../span/guard.js';
import type { SpanSpec } from '../span/recording.js';
import { LruCache } from './lru-cache.js';
import { parameterAttributes } from './parameters.js';
import { returnedRows } from './returned-rows.js';
import { describeStatement } from './sql/describe-statement.js';
import type { SqlDialect } from './sql/dialect.js';
import { dialectOf } from './sql/dialect.js';
import { describeStatementError } from './statement-error.js';
import type { IssuedStatement, ResolvedTypeOrmTracingOptions } from './typeorm-tracing.options.js';

const CACHED_STATEMENTS = 500;
const MAX_CACHED_LENGTH = 8192;

/** What holds for all statements that are specified in one place. */
export interface StatementSurroundings {
  /** What is said of the database and its server. */
  readonly database: Attributes;
  /** INTERNAL if the driver's own span lies within. Default: CLIENT. */
  readonly kind?: SpanKind;
  /** Whether the statements belong to the start of the DataSource. */
  readonly startUp: boolean;
}

/**
 * The span specifications of the statements that go to one server. All attributes are given at
 * creation, so that samplers see them.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/
 */
export class StatementSpecs {
  readonly database: Attributes;
  readonly #options: ResolvedTypeOrmTracingOptions;
  readonly #surroundings: StatementSurroundings;
  readonly #dialect: SqlDialect;
  readonly #fallbackName: string;
  readonly #tellsAsItIs: boolean;
  readonly #isExtended: boolean;
  readonly #asItIs = new LruCache<SpanSpec>(CACHED_STATEMENTS);
  readonly #sanitized = new LruCache<SpanSpec>(CACHED_STATEMENTS);

  constructor(options: ResolvedTypeOrmTracingOptions, surroundings: StatementSurroundings) {
    const { database } = surroundings;
    const { [ATTR_DB_SYSTEM_NAME]: system = '', [ATTR_DB_NAMESPACE]: namespace } =
      database as Record<string, string | undefined>;
    this.database = database;
    this.#options = options;
    this.#surroundings = surroundings;
    this.#dialect = dialectOf(system);
    this.#fallbackName = namespace ?? system;
    // TypeORM writes the numbers of entities into the text for SQLite, beside the parameters.
    this.#tellsAsItIs = options.queryText !== 'sanitized' && system !== 'sqlite';
    this.#isExtended = options.attributes !== undefined || options.parameters;
  }

  /**
   * The specification of a statement's span.
   *
   * @param links those of its runner's transaction, if it is to have any
   */
  of(text: string, parameters: unknown, links?: Link[]): SpanSpec {
    const asItIs = this.#tellsAsItIs && hasParameters(parameters);
    const spec = this.#cached(text, asItIs);
    if (!this.#isExtended && links === undefined) return spec;
    return this.#extended(spec, { text, parameters: parameterList(parameters) }, parameters, links);
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
    const { kind = SpanKind.CLIENT, startUp } = this.#surroundings;
    const attributes: Attributes = { ...this.database };
    if (summary !== undefined) attributes[ATTR_DB_QUERY_SUMMARY] = summary;
    if (queryText !== 'off') attributes[ATTR_DB_QUERY_TEXT] = text;
    return {
      name: summary ?? this.#fallbackName,
      options: { kind, attributes },
      result: this.#options.returnedRows ? returnedRows : undefined,
      describeError: (error) => describeStatementError(error, errorMessages),
      startUp,
    };
  }

  #extended(
    spec: SpanSpec,
    statement: IssuedStatement,
    parameters: unknown,
    links: Link[] | undefined,
  ): SpanSpec {
    const { attributes: callback, parameters: withParameters } = this.#options;
    const attributes = { ...spec.options.attributes };
    if (withParameters) Object.assign(attributes, parameterAttributes(parameters));
    if (callback !== undefined) {
      const added = guard('the attributes callback of TypeORM', () => callback(statement));
      addLegalAttributes(attributes, added);
    }
    const options = { ...spec.options, attributes };
    return { ...spec, options: links === undefined ? options : { ...options, links } };
  }
}

function hasParameters(parameters: unknown): boolean {
  if (Array.isArray(parameters)) return parameters.length > 0;
  return typeof parameters === 'object' && parameters !== null;
}

/** The parameters as callbacks see them: named ones have no order. */
export function parameterList(parameters: unknown): readonly unknown[] {
  return Array.isArray(parameters) ? (parameters as unknown[]) : [];
}
