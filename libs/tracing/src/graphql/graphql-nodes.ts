import type { DiscoveryService } from '@nestjs/core';
import { answersTo, singleInstances } from '../entry/single-instances.js';
import { readGuarded } from '../span/outcome/read-guarded.js';
import type { RequestEndHookContext, RequestHookContext, Schema } from './resolver-info.js';

/** `ResolverDecoratorHost` of `@nestjs/graphql`, which its drivers tell of each request. */
export interface RequestHooks {
  hasRequestHooks(): boolean;
  onRequestStart(context: RequestHookContext): unknown;
  onRequestEnd(context: RequestEndHookContext): void;
}

/** A driver of `@nestjs/graphql`. */
export interface Driver {
  stop(): unknown;
}

/** What an application has of GraphQL. */
interface GraphqlParts {
  readonly hooks: readonly RequestHooks[];
  readonly schemas: readonly Schema[];
  readonly drivers: readonly (Driver & object)[];
  /** Whatever may publish events, or load in batches. */
  readonly others: readonly object[];
}

/** Finds what `@nestjs/graphql` has made by its shape: the package need not be there. */
export function findGraphql(discovery: DiscoveryService): GraphqlParts {
  const all = singleInstances(discovery);
  return {
    hooks: all.filter(areRequestHooks),
    schemas: all.map(schemaOf).filter((schema) => schema !== undefined),
    drivers: all.filter(isDriver),
    others: all,
  };
}

function areRequestHooks(instance: object): instance is RequestHooks & object {
  return answersTo(instance, 'hasRequestHooks', 'onRequestStart', 'onRequestEnd');
}

function isDriver(instance: object): instance is Driver & object {
  return answersTo(instance, 'stop', 'generateSchema', 'mergeDefaultOptions');
}

/** `GraphQLSchemaHost` has nothing but an accessor, which throws while there is no schema. */
function schemaOf(instance: object): Schema | undefined {
  const prototype = Reflect.getPrototypeOf(instance) ?? {};
  const accessor = Object.getOwnPropertyDescriptor(prototype, 'schema');
  if (accessor?.get === undefined || accessor.set === undefined) return undefined;
  const schema = readGuarded(instance, 'schema');
  return typeof readGuarded(schema, 'getTypeMap') === 'function' ? (schema as Schema) : undefined;
}
