import {
  OffloadCrashError,
  OffloadDataError,
  OffloadTaskFileError,
  OffloadTaskUnknownError,
} from './offload.error.js';

/** Classes of errors that exist on both sides. */
const KNOWN: Readonly<Record<string, { readonly prototype: object }>> = {
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  URIError,
  EvalError,
  AggregateError,
  OffloadCrashError,
  OffloadDataError,
  OffloadTaskFileError,
  OffloadTaskUnknownError,
};

/** The names of an error's classes, its own first: what the other side knows of them it uses. */
export function classNames(error: object): string[] {
  const names: string[] = [];
  let prototype: unknown = Object.getPrototypeOf(error);
  while (typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype) {
    const { constructor } = prototype as { constructor?: unknown };
    if (typeof constructor === 'function') names.push(constructor.name);
    prototype = Object.getPrototypeOf(prototype);
  }
  return names;
}

/** The prototype of the nearest class that is known here. */
export function knownPrototype(names: readonly string[]): object {
  const known = names.find((name) => Object.hasOwn(KNOWN, name));
  return (KNOWN[known ?? 'Error'] ?? Error).prototype;
}
