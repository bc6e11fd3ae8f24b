import { SpanKind, trace } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_OPERATION_NAME,
} from '@opentelemetry/semantic-conventions';
import type { DataSource, EntityManager, EntityMetadata, EntityTarget } from 'typeorm';
import { guard } from '../span/guard.js';
import type { AnyFunction } from '../span/record.js';
import { record } from '../span/record.js';
import { calledBy } from './operation-callers.js';
import type { StartUp } from './start-up.js';
import type { ResolvedTypeOrmTracingOptions } from './typeorm-tracing.options.js';

/** The methods of an entity manager that issue statements for an entity. */
export const ENTITY_OPERATIONS =
  'save remove softRemove recover insert upsert update updateAll delete deleteAll softDelete restore exists existsBy count countBy sum average minimum maximum find findBy findAndCount findAndCountBy findOne findOneBy findOneOrFail findOneByOrFail clear increment decrement'.split(
    ' ',
  );

/**
 * The operations on entities of one DataSource: each has an INTERNAL span such as `save User` from its
 * call until its result has settled, the parent of its statements. One that another one calls has
 * none.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/
 */
export class EntityOperations {
  readonly #dataSource: DataSource;
  readonly #options: ResolvedTypeOrmTracingOptions;
  readonly #startUp: StartUp;
  readonly #attributes: () => Attributes;
  #calling = false;

  /** @param attributes what is said of the database */
  constructor(
    dataSource: DataSource,
    options: ResolvedTypeOrmTracingOptions,
    startUp: StartUp,
    attributes: () => Attributes,
  ) {
    this.#dataSource = dataSource;
    this.#options = options;
    this.#startUp = startUp;
    this.#attributes = attributes;
  }

  /** Calls an operation of a manager inside its span. */
  call(
    operation: string,
    original: AnyFunction,
    manager: EntityManager,
    args: readonly unknown[],
  ): unknown {
    const site = this.#calling ? undefined : this.#startUp.site(this.#options.requireParentSpan);
    if (site === undefined) return Reflect.apply(original, manager, args as never[]);
    const spec = this.#spec(operation, args[0]);
    this.#calling = true;
    try {
      const called = calledBy(trace.getSpan(site.parent), original);
      return record(site, spec, called, manager, args);
    } finally {
      this.#calling = false;
    }
  }

  #spec(operation: string, target: unknown) {
    const metadata = guard('looking an entity up', () => this.#metadataOf(target));
    const attributes: Attributes = {
      ...this.#attributes(),
      [ATTR_DB_OPERATION_NAME]: operation,
    };
    if (metadata !== undefined) attributes[ATTR_DB_COLLECTION_NAME] = metadata.tableName;
    const name = metadata === undefined ? operation : `${operation} ${metadata.name}`;
    return { name, options: { kind: SpanKind.INTERNAL, attributes } };
  }

  /** The first argument is an entity's class, schema or name, an entity, or an array of them. */
  #metadataOf(first: unknown): EntityMetadata | undefined {
    const one: unknown = Array.isArray(first) ? first[0] : first;
    const candidates = [one, (one as object | null | undefined)?.constructor];
    const target = candidates.find(
      (each): each is EntityTarget<object> => !!each && this.#dataSource.hasMetadata(each as never),
    );
    return target === undefined ? undefined : this.#dataSource.getMetadata(target);
  }
}
