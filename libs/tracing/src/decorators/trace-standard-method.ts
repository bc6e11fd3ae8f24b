import type { AnyFunction } from '../span/record.js';
import { joinCodeName } from './code-name.js';
import { declaringClass } from './declaring-class.js';
import type { SpecOf } from './method-spec.js';
import { methodSpec } from './method-spec.js';
import type { TracedOptions } from './traced.interface.js';
import { declaredShape, wrapMethod } from './wrap-method.js';

/**
 * The TC39 form of `@Traced`. A standard decorator runs before its class exists, so the span is
 * prepared at the first call; by then the class or an instance of it has been made.
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
    owner ??= context.static
      ? (this as { readonly name: string })
      : declaringClass(this as object, context, traced);
  });
  return traced;
}
