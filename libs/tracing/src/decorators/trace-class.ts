import type { AnyFunction } from '../span/record.js';
import { bareMethod } from './bare-method.js';
import { codeName, joinCodeName } from './code-name.js';
import { DecoratorUsageError } from './decorator-usage.error.js';
import { NO_TRACE_METADATA, TRACED_METADATA } from './metadata.js';
import { methodSpec } from './method-spec.js';
import { standIn } from './stand-in.js';
import { parameterAttributes } from './span-attribute.decorator.js';
import type { TracedOptions } from './traced.interface.js';
import { declaredShape, isDecided, wrapMethod } from './wrap-method.js';

/** Nest calls these itself: start-up and shutdown are not the application's work. */
const LIFECYCLE_HOOKS = [
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
];

/** `Symbol.iterator`, `Symbol.asyncDispose` and the like: the language calls them. */
const WELL_KNOWN_SYMBOLS = Object.getOwnPropertyNames(Symbol)
  .map((name) => (Symbol as unknown as Record<string, unknown>)[name])
  .filter((value) => typeof value === 'symbol');

/** Members that are no work of a class's own, whatever they are called by. */
const SKIPPED: ReadonlySet<string | symbol> = new Set<string | symbol>([
  ...LIFECYCLE_HOOKS,
  ...WELL_KNOWN_SYMBOLS,
  ...Object.getOwnPropertyNames(Object.prototype),
  'toJSON',
  'then',
]);

/** Whether a member is none to be traced: a hook, or what the language calls by itself. */
export function isSkipped(key: string | symbol): boolean {
  return SKIPPED.has(key);
}

/** Wraps the public methods of a class, inherited ones too, on the class's own prototype. */
export function traceClass(target: unknown, options: TracedOptions): void {
  if (typeof target !== 'function' || target.prototype === undefined) {
    throw new DecoratorUsageError('@Traced() without a method belongs on a class.');
  }
  if (Reflect.hasOwnMetadata(NO_TRACE_METADATA, target)) {
    throw new DecoratorUsageError(
      `@Traced() and @NoTrace() are both on ${target.name}: keep one of them.`,
    );
  }
  Reflect.defineMetadata(TRACED_METADATA, '@Traced()', target);
  const prototype = target.prototype as object;
  for (const [key, owner] of publicMethods(prototype)) traceMember(prototype, key, owner, options);
}

/** Every method's key with the prototype it is found on, the nearest one first. */
function publicMethods(prototype: object): Map<string | symbol, object> {
  const methods = new Map<string | symbol, object>();
  let owner: object | null = prototype;
  while (owner !== null && owner !== Object.prototype) {
    for (const key of Reflect.ownKeys(owner)) {
      if (!methods.has(key) && !SKIPPED.has(key)) methods.set(key, owner);
    }
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return methods;
}

function traceMember(
  prototype: object,
  key: string | symbol,
  owner: object,
  options: TracedOptions,
): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, key);
  const method: unknown = descriptor?.value;
  if (descriptor?.configurable !== true || typeof method !== 'function' || isDecided(method))
    return;
  const shape = declaredShape(
    method as AnyFunction,
    Reflect.getMetadata('design:returntype', prototype, key),
  );
  const parameters = parameterAttributes(prototype, key);
  const specOf = methodSpec(codeName(prototype, key), memberOptions(options, key), parameters);
  const body = owner === prototype ? (method as AnyFunction) : inherited(prototype, key, method);
  Object.defineProperty(prototype, key, { ...descriptor, value: wrapMethod(body, specOf, shape) });
}

/** On a class a name stands for the class, so that its methods can still be told apart. */
function memberOptions(options: TracedOptions, key: string | symbol): TracedOptions {
  if (typeof options.name !== 'string') return options;
  return { ...options, name: joinCodeName(options.name, key) };
}

/** Calls what the class inherits at the time of the call, as `super[key]` would. */
function inherited(prototype: object, key: string | symbol, method: object): AnyFunction {
  return standIn(method, (receiver, args) => {
    const parent = Object.getPrototypeOf(prototype) as Record<string | symbol, AnyFunction>;
    return Reflect.apply(bareMethod(parent[key] as AnyFunction), receiver, args);
  });
}
