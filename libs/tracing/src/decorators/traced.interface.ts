import type { Observable } from 'rxjs';
import type { FlatAttributes } from '../span/attributes/flat-attributes.interface.js';
import type { SpanSettings } from '../span/span-settings.js';

/**
 * The type of a callback's parameter that has no annotation. A decorator is made before TypeScript
 * looks at the method it is put on, so the types of the method's parameters have to be written.
 *
 * @example
 * ```ts
 * @Traced({ attributes: (id: string) => ({ 'order.id': id }) }) // not: (id) => …
 * async find(id: string): Promise<Order> {}
 * ```
 */
export interface AnnotateTheParametersOfThisCallback {
  readonly [annotate]: 'such as (id: string) => …';
}

declare const annotate: unique symbol;

/** The parameters of callbacks of which none has an annotation, or that are not there at all. */
export type NotAnnotated = readonly AnnotateTheParametersOfThisCallback[];

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
  readonly attributes?: FlatAttributes | ((...args: Args) => FlatAttributes);
  /**
   * Attributes of the settled result; for an Observable of its last value, for a generator of its
   * return value.
   */
  readonly result?: (value: Result) => FlatAttributes;
}

/** Everything that a method may return for its settled value to be `Result`. */
type Returned<Result> = [Result] extends [AnnotateTheParametersOfThisCallback]
  ? unknown
  : SettlesWith<Result>;

type SettlesWith<Result> =
  | Result
  | PromiseLike<Result>
  | Observable<Result>
  | Generator<unknown, Result, never>
  | AsyncGenerator<unknown, Result, never>;

/** A constraint every signature fits: `never` or `unknown` would refuse optional and rest parameters. */
// oxlint-disable-next-line typescript/no-explicit-any -- see above
type Any = any;

/** The parameters of a method whose first ones are `Args`. */
export type ParametersFrom<Args extends readonly unknown[]> = Args extends NotAnnotated
  ? Any[]
  : [...Args, ...Any[]];

/** A method whose first parameters are `Args`. */
type MethodOf<Args extends readonly unknown[], Result> = (
  ...args: ParametersFrom<Args>
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
export interface TracedDecorator<
  Args extends readonly unknown[] = NotAnnotated,
  Result = AnnotateTheParametersOfThisCallback,
> {
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
