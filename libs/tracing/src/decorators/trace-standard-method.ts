import type { AnyFunction } from '../span/record.js';
import { joinCodeName } from './code-name.js';
import { methodSpec } from './method-spec.js';
import type { TracedOptions } from './traced.interface.js';
import { declaredShape, wrapMethod } from './wrap-method.js';

/**
 * The TC39 form of `@Traced`. A standard decorator runs before its class has a name, so the name is
 * taken when the class (static) or its first instance is made.
 */
export function traceStandardMethod(
  method: AnyFunction,
  context: ClassMethodDecoratorContext,
  options: TracedOptions,
): AnyFunction {
  let specOf = methodSpec(joinCodeName('', context.name), options, []);
  let named = false;
  const traced = wrapMethod(method, (args) => specOf(args), declaredShape(method, undefined));
  context.addInitializer(function (this: unknown) {
    if (named) return;
    named = true;
    const className = context.static
      ? (this as { name: string }).name
      : ownerOf(this as object, context.name, traced).name;
    specOf = methodSpec(joinCodeName(className, context.name), options, []);
  });
  return traced;
}

/** The class that declares the method; an instance may be of one that inherits it. */
function ownerOf(instance: object, key: string | symbol, method: AnyFunction): { name: string } {
  let prototype = Object.getPrototypeOf(instance) as object | null;
  while (prototype !== null) {
    if (Object.getOwnPropertyDescriptor(prototype, key)?.value === method) {
      return prototype.constructor;
    }
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return instance.constructor;
}
