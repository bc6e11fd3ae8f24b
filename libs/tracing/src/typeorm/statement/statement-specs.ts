import { SpanKind } from '@opentelemetry/api';
import type { Attributes, Link } from '@opentelemetry/api';
import {
  ATTR_DB_NAMESPACE,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_SYSTEM_NAME,
} from '@opentelemetry/semantic-conventions';
import { addLegalAttributes } from '../../span/attributes/legal-attributes.js';
import type { ErrorDescription } from '../../span/exception.js';
import { guard } from '../../span/guard.js';
import type { SpanSpec } from '../../span/recording.js';
import { runtime } from '../../span/runtime.js';
import { callOffAttributes } from './called-off-statement.js';
import { LruCache } from '../sql/lru-cache.js';
import { statementParameterAttributes } from './parameters.js';
import { markRepeated } from './repeated-queries.js';
import { returnedRows } from './returned-rows.js';
import { describeStatement } from '../sql/describe-statement.js';
import type { SqlDialect } from '../sql/dialect.js';
import { dialectOf } from '../sql/dialect.js';
import { describeStatementError } from './statement-error.js';
import type { IssuedStatement } from '../typeorm-tracing.options.js';
import type { ResolvedTypeOrmTracingOptions } from '../typeorm-tracing.schema.js';

const CACHED_STATEMENTS = 500;
const MAX_CACHED_LENGTH = 8192;

/** What holds for all statements that are specified in one place. */
interface StatementFacts {
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
  readonly #facts: StatementFacts;
  readonly #dialect: SqlDialect;
  readonly #fallbackName: string;
  readonly #tellsAsItIs: boolean;
  readonly #isExtended: boolean;
  readonly #asItIs = new LruCache<SpanSpec>(CACHED_STATEMENTS);
  readonly #sanitized = new LruCache<SpanSpec>(CACHED_STATEMENTS);

  constructor(options: ResolvedTypeOrmTracingOptions, facts: StatementFacts) {
    const { database } = facts;
    const { [ATTR_DB_SYSTEM_NAME]: system = '', [ATTR_DB_NAMESPACE]: namespace } =
      database as Record<string, string | undefined>;
    this.database = database;
    this.#options = options;
    this.#facts = facts;
    this.#dialect = dialectOf(system);
    this.#fallbackName = namespace ?? system;
    // TypeORM writes the numbers of entities into the text for SQLite, beside the parameters.
    this.#tellsAsItIs = options.queryText !== 'sanitized' && system !== 'sqlite';
    this.#isExtended = options.attributes !== undefined || options.parameters;
  }

  /**
   * Returns the specification of a statement's span.
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
    const { kind = SpanKind.CLIENT, startUp } = this.#facts;
    const attributes: Attributes = { ...this.database };
    if (summary !== undefined) attributes[ATTR_DB_QUERY_SUMMARY] = summary;
    if (queryText !== 'off') attributes[ATTR_DB_QUERY_TEXT] = text;
    Object.freeze(attributes); // so that the tracer reads them once
    const name = summary ?? this.#fallbackName;
    return {
      name,
      options: { kind, attributes },
      result: this.#options.returnedRows ? returnedRows : undefined,
      errors: (error) => (callOffAttributes(error) ? 'expected' : runtime().errors(error)),
      describeError: (error) => describeOutcome(error, errorMessages),
      startUp,
      summarise: (span, calls) => markRepeated(span, name, calls),
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
    if (withParameters) Object.assign(attributes, statementParameterAttributes(parameters));
    if (callback !== undefined) {
      const added = guard('the attributes callback of TypeORM', () => callback(statement));
      addLegalAttributes(attributes, added);
    }
    const options = { ...spec.options, attributes };
    return { ...spec, options: links === undefined ? options : { ...options, links } };
  }
}

/** What was called off says so. */
function describeOutcome(error: unknown, withMessage: boolean): ErrorDescription {
  const description = describeStatementError(error, withMessage);
  const calledOff = callOffAttributes(error);
  if (calledOff === undefined) return description;
  return { ...description, attributes: { ...description.attributes, ...calledOff } };
}

function hasParameters(parameters: unknown): boolean {
  if (Array.isArray(parameters)) return parameters.length > 0;
  return typeof parameters === 'object' && parameters !== null;
}

/** Returns the parameters as callbacks see them: named ones have no order. */
export function parameterList(parameters: unknown): readonly unknown[] {
  return Array.isArray(parameters) ? (parameters as unknown[]) : [];
}
