import 'reflect-metadata';
import { resembleKind } from './function-kind.js';
import { calledByApply } from './handler-applies.js';

/** On a function: the stand-in that a decorator of ours has made; the value names the decorator. */
export const TRACED_METADATA = 'nestjs-tracing:traced';

/** On a function: `@NoTrace` has opted it out. */
export const NO_TRACE_METADATA = 'nestjs-tracing:no-trace';

/** On a class and method: the parameters that `@SpanAttribute` names. */
export const SPAN_ATTRIBUTES_METADATA = 'nestjs-tracing:span-attributes';

const NOT_COPIED = new Set<PropertyKey>(['prototype', 'arguments', 'caller']);

/**
 * Makes a wrapper look like the function it stands for: kind, name, length, own properties and every
 * Reflect metadata key, so that what other decorators wrote or will read is there. An `apply` of ours stays
 * the handler's alone: what Nest calls of the wrapper is the wrapper.
 */
export function resemble(wrapper: object, original: object): void {
  resembleKind(wrapper, original);
  for (const key of Reflect.ownKeys(original)) {
    if (NOT_COPIED.has(key)) continue;
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor === undefined || isApplyOfOurs(descriptor)) continue;
    Object.defineProperty(wrapper, key, descriptor);
  }
  for (const key of Reflect.getOwnMetadataKeys(original) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, original) as unknown, wrapper);
  }
}

function isApplyOfOurs({ value }: PropertyDescriptor): boolean {
  return typeof value === 'function' && calledByApply(value as object) !== undefined;
}
