import type { Attributes } from '@opentelemetry/api';
import type { Observable } from 'rxjs';
import type { SpanSettings } from '../span/span-settings.js';

/**
 * How a traced method's span is made. `Args` are the method's parameters and `Result` is what it
 * settles with; both are taken from the callbacks' annotations and checked against the method.
 *
 * @example
 * ```ts
 * @Traced({
 *   name: 'find order',
 *   attributes: (id: string) => ({ 'order.id': id }),
 *   result: (order: Order) => ({ 'order.lines': order.lines.length }),
 * })
 * async find(id: string): Promise<Order> {}
 * ```
 */
export interface TracedOptions<
  Args extends readonly unknown[] = readonly never[],
  Result = never,
> extends SpanSettings {
  /** The span's name, or how to build it from the arguments. Default: `ClassName.method`. */
  readonly name?: string | ((...args: Args) => string);
  /** Attributes, or how to read them from the arguments; given at start, so that samplers see them. */
  readonly attributes?: Attributes | ((...args: Args) => Attributes);
  /** Attributes of the settled result; for an Observable of its last value, for a generator of its return value. */
  readonly result?: (value: Result) => Attributes;
}

/** What a method may return for its settled value to be `Result`. */
export type Returned<Result> =
  | Result
  | PromiseLike<Result>
  | Observable<Result>
  | Generator<unknown, Result, never>
  | AsyncGenerator<unknown, Result, never>;

// oxlint-disable-next-line typescript/no-explicit-any -- a constraint every signature fits; `never` or `unknown` would refuse optional and rest parameters
type Any = any;

/** A method whose first parameters are `Args`. */
export type MethodOf<Args extends readonly unknown[], Result> = (
  ...args: [...Args, ...Any[]]
) => Returned<Result>;

/**
 * Applies to methods and classes, with legacy (`experimentalDecorators`) and TC39 decorators.
 *
 * @example
 * ```ts
 * // A decorator of your own: `@Traced` with the settings of the house.
 * export const TracedClient = (): TracedDecorator => Traced({ kind: SpanKind.CLIENT });
 * ```
 */
export interface TracedDecorator<Args extends readonly unknown[] = [], Result = unknown> {
  <M extends MethodOf<Args, Result>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void;
  <M extends MethodOf<Args, Result>>(method: M, context: ClassMethodDecoratorContext): M;
  <C extends abstract new (...args: Any[]) => unknown>(target: C): void;
  <C extends abstract new (...args: Any[]) => unknown>(
    target: C,
    context: ClassDecoratorContext,
  ): void;
}
