import { standIn } from '../decorators/stand-in.js';
import { processSlot } from '../process-slot.js';
import { guard } from '../span/guard.js';
import type { AnyFunction } from '../span/record.js';
import type { Resolver, ResolverInfo, Schema, SchemaField } from './resolver-info.js';

/** A call of a resolver, as GraphQL makes it. */
export interface ResolverCall {
  readonly resolver: AnyFunction;
  readonly receiver: unknown;
  /** Source, arguments, context and information. */
  readonly args: never[];
  readonly info: ResolverInfo;
  readonly context: unknown;
}

/** Whoever has a schema's resolvers called in the contexts of their operations. */
export interface FieldUser {
  /** Whether it knows the operation: a schema may be that of two applications. */
  knows(call: ResolverCall): boolean;
  resolve(call: ResolverCall): unknown;
  subscribe(call: ResolverCall): unknown;
}

/** A function of a field that has a stand-in. */
interface Placed {
  readonly users: FieldUser[];
  readonly undo: () => void;
}

type Key = 'resolve' | 'subscribe';

/** By the stand-in: who looks at a schema again finds it there. */
const placedAs = processSlot('graphql resolvers', () => new WeakMap<object, Placed>());

/** Resolvers of no interest, by their names: they read a property of the source. */
const TRIVIAL = new Set(['defaultFieldResolver', 'defaultMergedResolver', 'rootFieldResolver']);

/**
 * Puts stand-ins before the resolvers that an application's schema has, those that somebody wrote. Returns
 * what takes the user out again; the last one takes the stand-ins out.
 */
export function traceFields(schema: Schema, user: FieldUser): () => void {
  const undo: (() => void)[] = [];
  guard('looking at the fields of a schema', () => {
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || typeof type.getFields !== 'function') continue;
      const fields = (type as { getFields(): Record<string, SchemaField> }).getFields();
      for (const field of Object.values(fields)) {
        undo.push(use(field, 'resolve', user), use(field, 'subscribe', user));
      }
    }
  });
  return () => undo.forEach((takeOut) => takeOut());
}

function use(field: SchemaField, key: Key, user: FieldUser): () => void {
  const resolver = field[key];
  if (typeof resolver !== 'function' || TRIVIAL.has(resolver.name)) return () => undefined;
  const placed = placedAs.current.get(resolver) ?? place(field, key, resolver);
  placed.users.push(user);
  return () => {
    placed.users.splice(placed.users.indexOf(user), 1);
    if (placed.users.length === 0) placed.undo();
  };
}

function place(field: SchemaField, key: Key, resolver: Resolver): Placed {
  const users: FieldUser[] = [];
  const stand = standIn(resolver, (receiver, args) => {
    const [, , context, info] = args as unknown as Parameters<Resolver>;
    const call = { resolver: resolver as AnyFunction, receiver, args, context, info };
    const user = users.length > 1 ? users.find((one) => one.knows(call)) : users[0];
    const one = user ?? users.at(-1);
    return one === undefined ? Reflect.apply(resolver, receiver, args as never) : one[key](call);
  }) as Resolver;
  field[key] = stand;
  const undo = (): void => {
    if (field[key] === stand) field[key] = resolver;
  };
  const placed = { users, undo };
  placedAs.current.set(stand, placed);
  return placed;
}
