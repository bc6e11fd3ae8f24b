import type { AnyFunction } from '../span/record.js';
import { joinCodeName } from './code-name.js';
import type { SpecOf } from './method-spec.js';
import { methodSpec } from './method-spec.js';
import type { TracedOptions } from './traced.interface.js';
import { declaredShape, wrapMethod } from './wrap-method.js';

/**
 * The TC39 form of `@Traced`. A standard decorator runs before its class exists, so the span is
 * prepared at the first call; by then the class or an instance of it has been made. A private method
 * is named `#method`.
 */
export function traceStandardMethod(
  method: AnyFunction,
  context: ClassMethodDecoratorContext,
  options: TracedOptions,
): AnyFunction {
  let owner: { readonly name: string } | undefined;
  let specOf: SpecOf | undefined;
  const prepare = (): SpecOf => {
    const codeName = owner ? joinCodeName(owner.name, context.name) : String(context.name);
    return methodSpec(codeName, options, []);
  };
  const traced = wrapMethod(
    method,
    (args) => (specOf ??= prepare())(args),
    declaredShape(method, undefined),
  );
  context.addInitializer(function (this: unknown) {
    owner ??= declaringClass(this, context, traced);
  });
  return traced;
}

/** An instance may be of a class that inherits the method; of a private one its owner is not told. */
function declaringClass(
  target: unknown,
  context: ClassMethodDecoratorContext,
  method: AnyFunction,
): { readonly name: string } | undefined {
  if (context.static) return target as { readonly name: string };
  let prototype = Object.getPrototypeOf(target) as object | null;
  while (prototype !== null) {
    const own = Object.getOwnPropertyDescriptor(prototype, context.name);
    if (own?.value === method) return prototype.constructor;
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return undefined;
}
