import { trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { processSlot } from '../../process-slot.js';
import type { AnyFunction } from '../../span/record.js';

const callers = processSlot('operation callers', () => new WeakMap<Span, Span>());

/** Calls an operation in its own span, which from now on is known to belong to its caller's. */
export function calledBy(caller: Span | undefined, original: AnyFunction): AnyFunction {
  if (caller === undefined) return original;
  return function (this: unknown, ...args: never[]): unknown {
    const operation = trace.getActiveSpan();
    // One of very many has no span of its own: what it does is its caller's.
    if (operation !== undefined && operation !== caller) callers.current.set(operation, caller);
    return Reflect.apply(original, this, args);
  };
}

/** Returns the span that an entity operation was called in, if this is the span of one. */
export function callerOf(operation: Span): Span | undefined {
  return callers.current.get(operation);
}
