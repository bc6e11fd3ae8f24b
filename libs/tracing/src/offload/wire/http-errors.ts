import * as nest from '@nestjs/common';

/**
 * Returns the prototype of Nest's exception class that an error had in the worker, so that exception filters
 * respond as if it had been thrown here. Undefined if it was none of Nest's.
 */
export function httpPrototype(names: readonly string[]): object | undefined {
  for (const name of names) {
    const known: unknown = (nest as Readonly<Record<string, unknown>>)[name];
    if (typeof known !== 'function') continue;
    const prototype = known.prototype as object;
    if (known === nest.HttpException || prototype instanceof nest.HttpException) return prototype;
  }
  return undefined;
}
