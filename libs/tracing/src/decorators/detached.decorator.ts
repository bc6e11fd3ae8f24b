import { DETACHED_METADATA } from '../detached/detached.constants.js';
import type { DetachedMethodOptions } from '../detached/detached.interface.js';
import { reportRejection } from '../detached/detached-report.js';
import { registryOf } from '../detached/current-registry.js';
import { startDetached } from '../detached/detach.js';
import { assertDetachedOptions } from '../detached/validate-detached.js';
import type { AnyFunction } from '../span/record.js';
import { codeName } from './code-name.js';
import { DecoratorUsageError } from './decorator-usage.error.js';
import { TRACED_METADATA, resemble } from './metadata.js';
import type { SpecOf } from './method-spec.js';
import { methodSpec } from './method-spec.js';
import { parameterAttributes } from './span-attribute.decorator.js';
import type { TracedOptions } from './traced.interface.js';
import { isDecided } from './wrap-method.js';

// oxlint-disable-next-line typescript/no-explicit-any -- a constraint every signature fits; `never` or `unknown` would refuse optional and rest parameters
type Any = any;

/** A method whose first parameters are `Args` and whose result nobody uses. */
export type DetachedMethod<Args extends readonly unknown[]> = (
  ...args: [...Args, ...Any[]]
) => void | Promise<void>;

/**
 * Applies to methods that answer with nothing, with legacy (`experimentalDecorators`) and TC39 decorators.
 *
 * @example
 * ```ts
 * // A decorator of your own: `@Detached` with the settings of the house.
 * export const Audited = (): DetachedDecorator => Detached({ sampling: 'independent' });
 * ```
 */
export interface DetachedDecorator<Args extends readonly unknown[] = []> {
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
export function Detached<Args extends readonly unknown[] = []>(
  options?: DetachedMethodOptions<Args>,
): DetachedDecorator<Args>;
export function Detached(name?: string): DetachedDecorator;
export function Detached(nameOrOptions: string | DetachedMethodOptions = {}): DetachedDecorator {
  const options = typeof nameOrOptions === 'string' ? { name: nameOrOptions } : nameOrOptions;
  assertDetachedOptions('@Detached()', options, ['name']);
  const decorate = (target: unknown, key: unknown, descriptor?: unknown): unknown => {
    if (typeof key === 'object' && key !== null && 'kind' in key) {
      return decorateStandard(target, key as ClassMethodDecoratorContext, options);
    }
    return decorateLegacy(target, key as string | symbol, descriptor, options);
  };
  return decorate as DetachedDecorator;
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
  { kind, name }: ClassMethodDecoratorContext,
  options: DetachedMethodOptions,
): AnyFunction {
  if (kind !== 'method') throw notAMethod(method, name);
  let specOf: SpecOf | undefined;
  const detached = detachMethod(
    method as AnyFunction,
    (receiver) =>
      (specOf ??= methodSpec(
        codeName(ownerOf(receiver as object, name, detached), name),
        options as TracedOptions,
        [],
      )),
    options,
  );
  return detached;
}

/** The stand-in of a method: it registers the work and answers the promise of it. */
function detachMethod(
  method: AnyFunction,
  specFor: (receiver: unknown) => SpecOf,
  options: DetachedMethodOptions,
): AnyFunction {
  if (isDecided(method)) throw decidedTwice(method);
  // oxlint-disable-next-line typescript/unbound-method -- a shorthand method cannot be constructed, as the one it stands for
  const { detached } = {
    detached(this: unknown, ...args: never[]): Promise<unknown> {
      const spec = specFor(this)(args);
      const work = (): unknown => Reflect.apply(method, this, args);
      return answer(() => startDetached(registryOf(this), spec, options, work).result);
    },
  };
  resemble(detached, method);
  Reflect.defineMetadata(TRACED_METADATA, true, detached);
  Reflect.defineMetadata(DETACHED_METADATA, true, detached);
  return detached as unknown as AnyFunction;
}

/** Who starts work and looks away is not thrown at either: a refusal is a rejection, and logged. */
function answer(start: () => Promise<unknown>): Promise<unknown> {
  try {
    return start();
  } catch (error) {
    const refused = Promise.reject(error as Error);
    refused.catch(() => undefined);
    reportRejection(error);
    return refused;
  }
}

/** The class or prototype that declares the method. */
function ownerOf(receiver: object, key: string | symbol, method: AnyFunction): object {
  let owner: object | null = receiver;
  while (owner !== null) {
    if (Object.getOwnPropertyDescriptor(owner, key)?.value === method) return owner;
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return receiver;
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
