import { calledByApply, markApply } from '../decorators/handler-applies.js';
import { standIn } from '../decorators/stand-in.js';
import type { AnyFunction } from '../span/record.js';
import type { MakeStandIn, PlacedMethods } from './placed-methods.js';

/** Where decorators note that a method is a handler, which one of Nest's contexts calls. */
const HANDLER_METADATA = [
  'microservices:handler_type',
  'websockets:message_mapping',
  'graphql:resolver_type',
];

/** What each decorator of a route leaves on a method, together. */
const ROUTE_METADATA = ['path', 'method'];

/** What is to run around a method, if Nest calls it. */
const ENHANCER_METADATA = ['__guards__', '__interceptors__', '__pipes__', '__exceptionFilters__'];

/** Where decorators note that a class has handlers: controllers, gateways and resolvers. */
const HANDLERS_OWNER_METADATA = ['__controller__', 'websockets:is_gateway', '__entryProvider__'];

/** Nest binds resolvers of fields and references that nothing is to run around. */
const BOUND_METADATA = ['graphql:resolve_property', 'graphql:resolve_reference'];

/**
 * Whether Nest's contexts call a method, by what decorators have left on it.
 *
 * @param type the class that Nest makes instances of
 */
export function isHandlerOfNest(method: object, type: object): boolean {
  const isMarked = (key: string): boolean => Reflect.hasOwnMetadata(key, method);
  if (HANDLER_METADATA.some(isMarked) || ROUTE_METADATA.every(isMarked)) return true;
  const hasHandlers = HANDLERS_OWNER_METADATA.some((key) => Reflect.hasMetadata(key, type));
  return hasHandlers && ENHANCER_METADATA.some(isMarked);
}

/** Whether Nest calls a handler by its `apply`, and that can be another one. */
export function isCalledByApply(handler: object): boolean {
  if (BOUND_METADATA.some((key) => Reflect.hasOwnMetadata(key, handler))) return false;
  return Object.isExtensible(handler);
}

/**
 * Puts a stand-in before what Nest calls of a handler. The handler stays the one on its class, so that
 * `context.getHandler()` is the function that its decorators have seen: once guards, interceptors and pipes
 * have run, all of Nest's contexts call `handler.apply(instance, args)`.
 *
 * @param make makes the stand-in of what is called now
 * @returns a function that takes the user out. The last one puts back what was there
 */
export function placeBeforeCalls<User>(
  placed: PlacedMethods<User>,
  handler: AnyFunction,
  user: User,
  make: MakeStandIn<User>,
): () => void {
  return placed.place(handler, 'apply', user, (apply, users) =>
    applying(handler, make(calledBy(apply, handler), users), apply),
  );
}

function calledBy(apply: AnyFunction, handler: AnyFunction): AnyFunction {
  if (!Object.hasOwn(handler, 'apply')) return handler;
  return (
    calledByApply(apply) ??
    standIn(handler, (receiver, args) => Reflect.apply(apply, handler, [receiver, args] as never))
  );
}

/** Who has copied or inherited it from the handler is called as without it. */
function applying(handler: AnyFunction, stand: AnyFunction, covers: AnyFunction): AnyFunction {
  const { apply } = {
    apply(this: unknown, receiver: unknown, args?: ArrayLike<unknown> | null): unknown {
      if (this !== handler) return Reflect.apply(covers, this, [receiver, args] as never);
      return Reflect.apply(stand, receiver, (args ?? []) as never);
    },
  };
  markApply(apply, stand);
  return apply as AnyFunction;
}
