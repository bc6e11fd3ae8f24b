import { DETACHED_METADATA } from '../detached/detached.constants.js';
import { isSkipped } from '../decorators/trace-class.js';
import { isDecided } from '../decorators/wrap-method.js';
import type { AnyFunction } from '../span/record.js';

/** Other methods of a class that have a span already, or are not to have one. */
export interface MethodRules {
  /** Whether calls of guards, interceptors, pipes, filters and middleware have spans. */
  readonly enhancers: boolean;
  /** Whether handlers of commands, queries and events have spans of their own. */
  readonly cqrs: boolean;
  /** Whether resolvers of fields have spans of their own. */
  readonly fieldResolvers: boolean;
}

/** A method that can have a span. */
interface TraceableMethod {
  readonly key: string;
  readonly method: AnyFunction;
  /** Whether nothing can be put in its place, as on a prototype that is frozen or sealed. */
  readonly isFixed: boolean;
}

/** What Nest calls an enhancer by. */
const ENHANCER_METHODS = new Set(['canActivate', 'intercept', 'transform', 'catch', 'use']);

/** What Nest tells gateways of their server and clients by. */
const GATEWAY_HOOKS = new Set(['afterInit', 'handleConnection', 'handleDisconnect']);
const GATEWAY_METADATA = 'websockets:is_gateway';

/** Where decorators note that each call of a method is a trace of its own. */
const OWN_TRACE_METADATA = [
  DETACHED_METADATA,
  'nestjs-tracing:run',
  'SCHEDULER_TYPE',
  'EVENT_LISTENER_METADATA',
];

/** Where the decorators of `@nestjs/cqrs` mark a class, and the method that is called of it. */
const CQRS_HANDLERS: readonly (readonly [metadata: string, method: string])[] = [
  ['__commandHandler__', 'execute'],
  ['__queryHandler__', 'execute'],
  ['__eventsHandler__', 'handle'],
];
const FIELD_METADATA = 'graphql:resolve_property';

/**
 * Returns the methods of a prototype of its own that can have a span, by what they are. Accessors
 * are not read.
 *
 * @param type the class of the prototype
 */
export function traceableMethods(
  prototype: object,
  type: object,
  isEnhancer: boolean,
  rules: MethodRules,
): TraceableMethod[] {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(
    ([key, { value, configurable }]: [string, PropertyDescriptor]) => {
      if (typeof value !== 'function' || isSkipped(key)) return [];
      const method = value as AnyFunction;
      if (isDecided(method) || isConstructor(method)) return [];
      if (isEnhancer && ENHANCER_METHODS.has(key) && !rules.enhancers) return [];
      if (hasOwnSpan(key, method, type, rules)) return [];
      return { key, method, isFixed: configurable !== true };
    },
  );
}

function hasOwnSpan(key: string, method: object, type: object, rules: MethodRules): boolean {
  if (OWN_TRACE_METADATA.some((metadata) => Reflect.hasOwnMetadata(metadata, method))) return true;
  if (GATEWAY_HOOKS.has(key) && Reflect.hasMetadata(GATEWAY_METADATA, type)) return true;
  if (rules.fieldResolvers && Reflect.hasOwnMetadata(FIELD_METADATA, method)) return true;
  return (
    rules.cqrs &&
    CQRS_HANDLERS.some(([metadata, name]) => name === key && Reflect.hasMetadata(metadata, type))
  );
}

/** A class that is kept on a prototype. */
function isConstructor(method: AnyFunction): boolean {
  return Object.getOwnPropertyDescriptor(method, 'prototype')?.writable === false;
}
