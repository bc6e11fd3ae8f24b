import { standIn } from '../decorators/stand-in.js';
import { processSlot } from '../process-slot.js';
import type { AnyFunction } from '../span/record.js';
import type { MakeStandIn, PlacedMethods } from './placed-methods.js';

/** What each `apply` of ours calls in the handler's place. */
const called = processSlot('handler calls', () => new WeakMap<object, AnyFunction>());

/** Where decorators note that a method is a handler, which one of Nest's contexts calls. */
const HANDLER_METADATA = [
  'path',
  'microservices:handler_type',
  'websockets:message_mapping',
  'graphql:resolver_type',
  '__guards__',
  '__interceptors__',
  '__pipes__',
  '__exceptionFilters__',
];

/** Nest binds resolvers of fields and references that nothing is to run around. */
const BOUND_METADATA = ['graphql:resolve_property', 'graphql:resolve_reference'];

/** Whether Nest's contexts call a method, by what decorators have left on it. */
export function isHandlerOfNest(method: object): boolean {
  return HANDLER_METADATA.some((key) => Reflect.hasOwnMetadata(key, method));
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
    applying(make(calledBy(apply, handler), users)),
  );
}

function calledBy(apply: AnyFunction, handler: AnyFunction): AnyFunction {
  if (!Object.hasOwn(handler, 'apply')) return handler;
  return (
    called.current.get(apply) ??
    standIn(handler, (receiver, args) => Reflect.apply(apply, handler, [receiver, args] as never))
  );
}

function applying(stand: AnyFunction): AnyFunction {
  const { apply } = {
    apply(receiver: unknown, args?: ArrayLike<unknown> | null): unknown {
      return Reflect.apply(stand, receiver, (args ?? []) as never);
    },
  };
  called.current.set(apply, stand);
  return apply as AnyFunction;
}
