import {
  OffloadCrashError,
  OffloadDataError,
  OffloadTaskFileError,
  OffloadTaskUnknownError,
} from '../offload.error.js';

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

/** Lists the names of an error's classes, its own first: what the other side knows of them it uses. */
export function classNames(error: object): string[] {
  const names: string[] = [];
  try {
    let prototype = Reflect.getPrototypeOf(error);
    while (prototype !== null && prototype !== Object.prototype) {
      const { constructor } = prototype as { constructor?: unknown };
      if (typeof constructor === 'function') names.push(String(constructor.name));
      prototype = Reflect.getPrototypeOf(prototype);
    }
  } catch {
    // What is behind a Proxy or an accessor that throws has no names beyond those.
  }
  return names;
}

/** Whether the class of an error exists on both sides. */
export function isKnown([name = '']: readonly string[]): boolean {
  return Object.hasOwn(KNOWN, name);
}

/** Returns the prototype of the nearest class that is known here. */
export function knownPrototype(names: readonly string[]): object {
  const known = names.find((name) => Object.hasOwn(KNOWN, name));
  return (KNOWN[known ?? 'Error'] ?? Error).prototype;
}
