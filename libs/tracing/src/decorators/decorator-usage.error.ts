/** Thrown while a class is defined, when a decorator of this package is put where it cannot work. */
export class DecoratorUsageError extends TypeError {
  override readonly name = 'DecoratorUsageError';
}
