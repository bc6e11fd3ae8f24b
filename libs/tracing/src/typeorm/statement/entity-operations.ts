import { SpanKind, trace } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_OPERATION_NAME,
} from '@opentelemetry/semantic-conventions';
import type { EntityManager, EntityMetadata, EntityTarget } from 'typeorm';
import { recordRepeated } from '../../collapse/record-repeated.js';
import { guard } from '../../span/guard.js';
import type { AnyFunction } from '../../span/record.js';
import { calledBy } from './operation-callers.js';
import type { TracedDatabase } from '../traced-database.js';

/** The methods of an entity manager that issue statements for an entity. */
export const ENTITY_OPERATIONS = (
  'save remove softRemove recover insert upsert update updateAll delete deleteAll softDelete ' +
  'restore exists existsBy count countBy sum average minimum maximum find findBy findAndCount ' +
  'findAndCountBy findOne findOneBy findOneOrFail findOneByOrFail clear increment decrement'
).split(' ');

/**
 * The operations on entities of one DataSource: each has an INTERNAL span such as `save User` from its
 * call until its result has settled, the parent of its statements. One that another one calls has
 * none.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/
 */
export class EntityOperations {
  readonly #traced: TracedDatabase;
  #calling = false;

  constructor(traced: TracedDatabase) {
    this.#traced = traced;
  }

  /** Calls an operation of a manager inside its span. */
  call(
    operation: string,
    original: AnyFunction,
    manager: EntityManager,
    args: readonly unknown[],
  ): unknown {
    const site = this.#calling
      ? undefined
      : this.#traced.startUp.site(this.#traced.options.requireParentSpan);
    if (site === undefined) return Reflect.apply(original, manager, args as never[]);
    const spec = this.#spec(operation, args[0]);
    this.#calling = true;
    try {
      const called = calledBy(trace.getSpan(site.parent), original);
      return recordRepeated(site, spec, called, manager, args);
    } finally {
      this.#calling = false;
    }
  }

  #spec(operation: string, target: unknown) {
    const metadata = guard('looking an entity up', () => this.#metadataOf(target));
    const attributes: Attributes = {
      ...this.#traced.attributes(),
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
      (each): each is EntityTarget<object> =>
        !!each && this.#traced.dataSource.hasMetadata(each as never),
    );
    return target === undefined ? undefined : this.#traced.dataSource.getMetadata(target);
  }
}
