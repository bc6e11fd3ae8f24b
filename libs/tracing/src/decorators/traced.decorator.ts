import type { AnyFunction } from '../span/record.js';
import { codeName } from './code-name.js';
import { DecoratorUsageError } from './decorator-usage.error.js';
import { TRACED_METADATA } from './metadata.js';
import { methodSpec } from './method-spec.js';
import { parameterAttributes } from './span-attribute.decorator.js';
import { traceClass } from './trace-class.js';
import { traceStandardMethod } from './trace-standard-method.js';
import type {
  AnnotateTheParametersOfThisCallback,
  NotAnnotated,
  TracedDecorator,
  TracedOptions,
} from './traced.interface.js';
import { tracedOptions } from './traced.schema.js';
import { declaredShape, isDecided, wrapMethod } from './wrap-method.js';

/**
 * Gives a method, or all public methods of a class, a span per call.
 *
 * The span starts when the method is called and ends when what it returns has settled: a value at
 * once, a promise or thenable when it resolves or rejects, an Observable per subscription from
 * subscribe to complete, error or unsubscribe, a generator from its first `next` to its end. Results
 * and errors reach the caller unchanged; an error is recorded once, and is one by the `errors` policy.
 *
 * The caller gets the very object that the method returned, with two exceptions, which nothing but
 * `===` can tell: a promise of no class of its own is followed by one derived from it, and an Observable
 * that is nothing but an Observable by one that subscribes to it. A thenable, a promise of a subclass
 * and a generator are measured through methods put on that one object. Whatever cannot be measured
 * without effect is passed on untouched, and the span ends with the call: a Subject or any other
 * Observable that has a class or fields of its own, a Proxy, a frozen thenable, a getter for `then`.
 *
 * On a class it takes its own and inherited methods, without constructor, accessors, lifecycle hooks
 * and the methods of `Object`; a method's own `@Traced` or `@NoTrace` goes first.
 *
 * @param nameOrOptions the span's name (default `ClassName.method`), or all options
 * @throws DecoratorUsageError on a property, accessor or parameter, while the class is defined
 * @throws TypeError if an option is unknown or wrong, while the class is defined
 * @see https://opentelemetry.io/docs/specs/otel/trace/api/#span
 *
 * @example
 * ```ts
 * @Traced({ attributes: (key: string) => ({ 'request.key': key }) })
 * async handle(key: string) {}
 * ```
 */
export function Traced<
  Args extends readonly unknown[] = NotAnnotated,
  Result = AnnotateTheParametersOfThisCallback,
>(nameOrOptions: string | TracedOptions<Args, Result> = {}): TracedDecorator<Args, Result> {
  const options = (
    typeof nameOrOptions === 'string' ? { name: nameOrOptions } : nameOrOptions
  ) as TracedOptions;
  tracedOptions.assert(options, '@Traced()');
  const decorate = (target: unknown, key?: unknown, descriptor?: unknown): unknown => {
    if (isStandardContext(key)) return decorateStandard(target, key, options);
    if (key === undefined) return traceClass(target, options);
    return decorateLegacy(target as object, key as string | symbol, descriptor, options);
  };
  return decorate as TracedDecorator<Args, Result>;
}

/** TC39 decorators get a context object where legacy ones get the member's key. */
function isStandardContext(
  key: unknown,
): key is ClassMethodDecoratorContext | ClassDecoratorContext {
  return typeof key === 'object' && key !== null && 'kind' in key;
}

function decorateStandard(
  target: unknown,
  context: ClassMethodDecoratorContext | ClassDecoratorContext,
  options: TracedOptions,
): unknown {
  if (context.kind === 'class') return traceClass(target, options);
  if (context.kind !== 'method') throw notAMethod(String((context as { name: unknown }).name));
  return traceStandardMethod(target as AnyFunction, context, options);
}

function decorateLegacy(
  target: object,
  key: string | symbol,
  descriptor: unknown,
  options: TracedOptions,
): TypedPropertyDescriptor<AnyFunction> {
  const own = descriptor as TypedPropertyDescriptor<AnyFunction> | undefined;
  const method = typeof own === 'object' ? own.value : undefined;
  if (own === undefined || typeof method !== 'function') throw notAMethod(String(key));
  assertUndecided(method);
  const shape = declaredShape(method, Reflect.getMetadata('design:returntype', target, key));
  const specOf = methodSpec(codeName(target, key), options, parameterAttributes(target, key));
  return { ...own, value: wrapMethod(method, specOf, shape) };
}

function assertUndecided(method: AnyFunction): void {
  if (!isDecided(method)) return;
  const maker = Reflect.getOwnMetadata(TRACED_METADATA, method) as string | undefined;
  const other = maker === '@Traced()' ? 'a second @Traced()' : (maker ?? '@NoTrace()');
  throw new DecoratorUsageError(
    `@Traced() and ${other} are both on ${method.name}: keep one of them.`,
  );
}

function notAMethod(member: string): DecoratorUsageError {
  return new DecoratorUsageError(
    `@Traced() is on "${member}", which is not a method. Put it on a method or a class; ` +
      'for an arrow function in a property use TracingService.span(name, fn).',
  );
}
