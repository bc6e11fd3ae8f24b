import { DecoratorUsageError } from './decorator-usage.error.js';
import { NO_TRACE_METADATA, TRACED_METADATA } from './metadata.js';

/** A constraint every constructor fits: `never` or `unknown` would refuse optional and rest parameters. */
// oxlint-disable-next-line typescript/no-explicit-any -- see above
type AnyClass = abstract new (...args: any[]) => unknown;

/** Applies to methods and classes, with legacy and TC39 decorators. */
interface NoTraceDecorator {
  <M>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<M>): void;
  <M extends (...args: never[]) => unknown>(method: M, context: ClassMethodDecoratorContext): void;
  <C extends AnyClass>(target: C): void;
  <C extends AnyClass>(target: C, context: ClassDecoratorContext): void;
}

/**
 * Opts a method out of a class that is `@Traced()`, and a method or class out of automatic spans (the option
 * `autoTrace`): it opens no span, and what it calls joins the span of its caller.
 *
 * @throws DecoratorUsageError on anything but a method or class, or on what is also `@Traced`
 *
 * @example
 * ```ts
 * @Traced()
 * class CatsService {
 *   @NoTrace()
 *   isHealthy() { return true; }
 * }
 * ```
 */
export function NoTrace(): NoTraceDecorator {
  return (
    target: unknown,
    keyOrContext?: unknown,
    descriptor?: TypedPropertyDescriptor<unknown>,
  ) => {
    const decorated = descriptor === undefined ? target : descriptor.value;
    if (typeof decorated !== 'function' || isMember(keyOrContext, descriptor))
      throw new DecoratorUsageError('@NoTrace() belongs on a method or a class.');
    const maker = Reflect.getOwnMetadata(TRACED_METADATA, decorated) as string | undefined;
    if (maker !== undefined) {
      throw new DecoratorUsageError(
        `@NoTrace() and ${maker} are both on ${decorated.name}: keep one of them.`,
      );
    }
    Reflect.defineMetadata(NO_TRACE_METADATA, true, decorated);
  };
}

/** Whether it is on a property, an accessor or a parameter. */
function isMember(keyOrContext: unknown, descriptor: unknown): boolean {
  if (keyOrContext === undefined) return false;
  if (typeof keyOrContext !== 'object' || keyOrContext === null) {
    return typeof descriptor !== 'object' || descriptor === null;
  }
  const { kind } = keyOrContext as { readonly kind?: unknown };
  return kind !== 'method' && kind !== 'class';
}
