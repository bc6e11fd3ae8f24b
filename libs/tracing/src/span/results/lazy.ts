import { types } from 'node:util';
import type { Observable } from 'rxjs';
import type { AnyGenerator } from './generator.js';
import { isGenerator, traceGenerator } from './generator.js';
import { isPlainObservable, traceObservable } from './observable.js';
import type { OpenSpan } from '../recording.js';

/** Whether a result does its work only when it is used, perhaps never, perhaps more than once. */
export function isLazy(value: unknown): value is Observable<unknown> | AnyGenerator {
  if (typeof value !== 'object' || value === null || types.isPromise(value)) return false;
  return !types.isProxy(value) && (isGenerator(value) || isPlainObservable(value));
}

/** Gives each use of a lazy result the span that `open` returns. */
export function traceLazy(value: object, open: OpenSpan): unknown {
  return isPlainObservable(value)
    ? traceObservable(value, open)
    : traceGenerator(value as AnyGenerator, open);
}
