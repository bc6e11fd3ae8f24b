import { isObject } from '../span/is-object.js';
import type { Method } from './stand-ins.js';

/** By what OpenTelemetry's instrumentations mark a method of theirs, beside the one that it stands for. */
interface Wrapper {
  readonly __wrapped?: unknown;
  readonly __original?: unknown;
}

/** So many wrappers around one method are looked behind. */
const MAX_WRAPPERS = 8;

/** Whether an instrumentation of OpenTelemetry's has wrapped a method. */
export function isWrapped(target: unknown, name: string): boolean {
  return isObject(target) && isWrapper((target as Record<string, unknown>)[name]);
}

/** Returns the method that such instrumentations have wrapped; undefined if none has, or it is not known. */
export function originalOf(target: object, name: string): Method | undefined {
  let method: unknown = (target as Record<string, unknown>)[name];
  if (!isWrapper(method)) return undefined;
  for (let depth = 0; depth < MAX_WRAPPERS && isWrapper(method); depth += 1) {
    method = method.__original;
  }
  return typeof method === 'function' && !isWrapper(method) ? (method as Method) : undefined;
}

function isWrapper(method: unknown): method is Wrapper {
  return typeof method === 'function' && (method as Wrapper).__wrapped === true;
}
