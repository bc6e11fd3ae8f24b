const GENERATOR_TAGS = new Set(['[object GeneratorFunction]', '[object AsyncGeneratorFunction]']);

/** Whether a function makes a generator, or is the stand-in of one that does. */
export function isGeneratorFunction(fn: object): boolean {
  return GENERATOR_TAGS.has(Object.prototype.toString.call(fn));
}

/**
 * Gives a wrapper the class of a function, `AsyncFunction` and the like, and the prototype that a generator
 * function gives its generators. `util.types` asks the engine, and is not told.
 */
export function resembleKind(wrapper: object, original: object): void {
  Reflect.setPrototypeOf(wrapper, Reflect.getPrototypeOf(original));
  const prototype = Object.getOwnPropertyDescriptor(original, 'prototype');
  if (prototype !== undefined && isGeneratorFunction(original)) {
    Reflect.defineProperty(wrapper, 'prototype', prototype);
  }
}
