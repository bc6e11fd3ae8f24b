/**
 * Thrown while a class is defined, when a decorator of this package is put where it cannot work.
 *
 * @example
 * ```ts
 * class Orders {
 *   @Traced() // DecoratorUsageError: a property has no call to trace
 *   total = 0;
 * }
 * ```
 */
export class DecoratorUsageError extends TypeError {
  override readonly name = 'DecoratorUsageError';
}
