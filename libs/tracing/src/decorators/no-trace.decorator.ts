import { DecoratorUsageError } from './decorator-usage.error.js';
import { NO_TRACE_METADATA, TRACED_METADATA } from './metadata.js';

/** Applies to methods, with legacy and TC39 decorators. */
export interface NoTraceDecorator {
  <M>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<M>): void;
  <M extends (...args: never[]) => unknown>(method: M, context: ClassMethodDecoratorContext): void;
}

/**
 * Opts a method out of a class that is `@Traced()`: it opens no span, and what it calls joins the
 * span of its caller.
 *
 * @throws DecoratorUsageError on anything but a method, or on a method that is also `@Traced`
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
    keyOrContext: unknown,
    descriptor?: TypedPropertyDescriptor<unknown>,
  ) => {
    const method = descriptor === undefined ? target : descriptor.value;
    const isMethod = typeof method === 'function' && keyOrContext !== undefined;
    if (!isMethod) throw new DecoratorUsageError('@NoTrace() belongs on a method.');
    if (Reflect.hasOwnMetadata(TRACED_METADATA, method)) {
      throw new DecoratorUsageError(
        `@NoTrace() and @Traced() are both on ${method.name}: keep one of them.`,
      );
    }
    Reflect.defineMetadata(NO_TRACE_METADATA, true, method);
  };
}
