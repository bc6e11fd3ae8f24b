import { DETACHED_METADATA } from './detached.constants.js';
import type { DetachedMethodOptions } from './detached.interface.js';
import { reportRejection } from './detached-report.js';
import { registryOf } from './current-registry.js';
import { startDetached } from './detach.js';
import { detachedMethodOptions } from './validate-detached.js';
import type { AnyFunction } from '../span/record.js';
import { codeName, joinCodeName } from '../decorators/code-name.js';
import { declaringClass } from '../decorators/declaring-class.js';
import { DecoratorUsageError } from '../decorators/decorator-usage.error.js';
import { TRACED_METADATA } from '../decorators/metadata.js';
import { standIn } from '../decorators/stand-in.js';
import type { SpecOf } from '../decorators/method-spec.js';
import { methodSpec } from '../decorators/method-spec.js';
import { parameterAttributes } from '../decorators/span-attribute.decorator.js';
import type {
  NotAnnotated,
  ParametersFrom,
  TracedOptions,
} from '../decorators/traced.interface.js';
import { isDecided } from '../decorators/wrap-method.js';

/** A method whose first parameters are `Args` and whose result nobody uses. */
type DetachedMethod<Args extends readonly unknown[]> = (
  ...args: ParametersFrom<Args>
) => void | Promise<void>;

/**
 * Applies to methods that return nothing, with legacy (`experimentalDecorators`) and TC39 decorators.
 *
 * @example
 * ```ts
 * // A decorator of your own: `@Detached` with the settings of the house.
 * export const Audited = (): DetachedDecorator => Detached({ sampling: 'independent' });
 * ```
 */
export interface DetachedDecorator<Args extends readonly unknown[] = NotAnnotated> {
  <M extends DetachedMethod<Args>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void;
  <M extends DetachedMethod<Args>>(method: M, context: ClassMethodDecoratorContext): M;
}

/**
 * Makes every call of a method work that nobody waits for, in a trace of its own with one link to the
 * span that is active at the call; as `TracingService.detach`, with limits and drain.
 *
 * The span starts with the call, the method's body as soon as the caller has gone on, and the span
 * ends when the body has settled. The caller gets a promise, whatever the method is declared to
 * return: who awaits it sees the failure, or a `DetachedRejectedError` where the work was not taken;
 * otherwise nobody does, and it is never an unhandled rejection. A failure is logged once. A method
 * whose result is used does not compile: it has to return `void` or `Promise<void>`.
 *
 * @param nameOrOptions the span's name (default `ClassName.method`), or all options: attributes and
 * name may be read from the arguments; `parent`, `sampling` and `baggage` go before the module's
 * @throws DecoratorUsageError on anything but a method, or one that is `@Traced` or `@NoTrace` as
 * well, while the class is defined
 * @throws TypeError if an option is unknown or wrong, while the class is defined
 * @see https://opentelemetry.io/docs/specs/otel/overview/#links-between-spans
 *
 * @example
 * ```ts
 * @Detached({ attributes: (key: string) => ({ 'audit.key': key }) })
 * async write(key: string): Promise<void> {}
 *
 * void this.audits.write(key);
 * ```
 */
export function Detached<Args extends readonly unknown[] = NotAnnotated>(
  nameOrOptions: string | DetachedMethodOptions<Args> = {},
): DetachedDecorator<Args> {
  const options = (
    typeof nameOrOptions === 'string' ? { name: nameOrOptions } : nameOrOptions
  ) as DetachedMethodOptions;
  detachedMethodOptions.assert(options, '@Detached()');
  const decorate = (target: unknown, key: unknown, descriptor?: unknown): unknown => {
    if (typeof key === 'object' && key !== null && 'kind' in key) {
      return decorateStandard(target, key as ClassMethodDecoratorContext, options);
    }
    return decorateLegacy(target, key as string | symbol, descriptor, options);
  };
  return decorate as DetachedDecorator<Args>;
}

function decorateLegacy(
  target: unknown,
  key: string | symbol,
  descriptor: unknown,
  options: DetachedMethodOptions,
): TypedPropertyDescriptor<AnyFunction> {
  const own = descriptor as TypedPropertyDescriptor<AnyFunction> | undefined;
  const method = typeof own === 'object' ? own.value : undefined;
  if (own === undefined || typeof method !== 'function') throw notAMethod(target, key);
  const parameters = parameterAttributes(target as object, key);
  const specOf = methodSpec(codeName(target as object, key), options as TracedOptions, parameters);
  return { ...own, value: detachMethod(method, () => specOf, options) };
}

/** A standard decorator runs before its class has a name, so the name is taken at the first call. */
function decorateStandard(
  method: unknown,
  member: ClassMethodDecoratorContext,
  options: DetachedMethodOptions,
): AnyFunction {
  if (member.kind !== 'method') throw notAMethod(method, member.name);
  let specOf: SpecOf | undefined;
  const detached = detachMethod(
    method as AnyFunction,
    (receiver) =>
      (specOf ??= methodSpec(
        standardName(receiver as object, member, detached),
        options as TracedOptions,
        [],
      )),
    options,
  );
  return detached;
}

/** Makes the stand-in of a method: it registers the work and returns the promise of it. */
function detachMethod(
  method: AnyFunction,
  specFor: (receiver: unknown) => SpecOf,
  options: DetachedMethodOptions,
): AnyFunction {
  if (isDecided(method)) throw decidedTwice(method);
  const detached = standIn(method, (receiver, args) => {
    const spec = specFor(receiver)(args);
    const work = (): unknown => Reflect.apply(method, receiver, args);
    return settleStart(() => startDetached(registryOf(receiver), spec, options, work).result);
  });
  Reflect.defineMetadata(TRACED_METADATA, '@Detached()', detached);
  Reflect.defineMetadata(DETACHED_METADATA, true, detached);
  return detached;
}

/** Starts the work and never throws: its caller may look away, so a refusal is a rejection, and logged. */
function settleStart(start: () => Promise<unknown>): Promise<unknown> {
  try {
    return start();
  } catch (error) {
    const refused = Promise.reject(error as Error);
    refused.catch(() => undefined);
    reportRejection(error);
    return refused;
  }
}

function standardName(
  receiver: object,
  member: ClassMethodDecoratorContext,
  standIn: AnyFunction,
): string {
  const owner = declaringClass(receiver, member, standIn);
  return owner === undefined ? String(member.name) : joinCodeName(owner.name, member.name);
}

function decidedTwice(method: AnyFunction): DecoratorUsageError {
  return new DecoratorUsageError(
    `@Detached() is on ${method.name} together with @Traced(), @NoTrace() or another @Detached(): ` +
      'keep one of them. @Detached() opens the span itself and takes the same options as @Traced().',
  );
}

function notAMethod(target: unknown, key: string | symbol | undefined): DecoratorUsageError {
  const place =
    key === undefined
      ? `the class ${(target as Partial<{ name: string }> | null)?.name ?? ''}`
      : `"${String(key)}"`;
  return new DecoratorUsageError(
    `@Detached() is on ${place}, which is not a method. Put it on a method; ` +
      'for any other function use TracingService.detach(name, fn).',
  );
}
