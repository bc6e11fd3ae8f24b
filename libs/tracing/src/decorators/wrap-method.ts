import { types } from 'node:util';
import type { AnyFunction, CallShape } from '../span/record.js';
import type { SpanSite } from '../span/span-site.js';
import { record } from '../span/record.js';
import { spanSite } from '../span/span-site.js';
import { isObservablePrototype } from '../span/results/observable.js';
import { INTERCEPTION, isInterceptorCall, mayIntercept } from './interceptor-call.js';
import type { SpecOf } from './method-spec.js';
import { isMiddlewareCall, recordMiddleware } from './record-middleware.js';
import { isGeneratorFunction } from './function-kind.js';
import { NO_TRACE_METADATA, TRACED_METADATA, resemble } from './metadata.js';

/**
 * The traced stand-in of a method. It looks like the method to everybody who asks, and is one: a
 * shorthand method, so that it cannot be constructed either.
 */
export function wrapMethod<M extends AnyFunction>(method: M, specOf: SpecOf, shape: CallShape): M {
  const recorded = recordedCalls(method, specOf, shape);
  const { traced } = {
    // Nothing else is done with the arguments here: then V8 makes no array of them, and a loop of calls
    // that have no span leaves no garbage.
    traced(this: unknown, ...args: never[]): unknown {
      const site = spanSite(undefined, specOf.fixedName);
      return site === undefined
        ? Reflect.apply(method, this, args)
        : Reflect.apply(recorded, { site, receiver: this }, args);
    },
  };
  resemble(traced, method);
  Reflect.defineMetadata(TRACED_METADATA, '@Traced()', traced);
  return traced as unknown as M;
}

/** A call that has a span, and the receiver of the method. */
interface SpannedCall {
  readonly site: SpanSite;
  readonly receiver: unknown;
}

function recordedCalls(method: AnyFunction, specOf: SpecOf, shape: CallShape) {
  // Read once: a function's name is not a field, and is slow to ask for.
  const mayBeMiddleware = method.name === 'use';
  const isIntercept = mayIntercept(method);
  return function (this: SpannedCall, ...args: never[]): unknown {
    const { site, receiver } = this;
    if (mayBeMiddleware && isMiddlewareCall(method, args))
      return recordMiddleware(site, specOf(args), method, receiver, args);
    const resulting = isIntercept && isInterceptorCall(args) ? INTERCEPTION : shape;
    return record(site, specOf(args), method, receiver, args, resulting);
  };
}

/** Whether a method has a span already, or is not to get one. */
export function isDecided(method: object): boolean {
  return (
    Reflect.hasOwnMetadata(TRACED_METADATA, method) ||
    Reflect.hasOwnMetadata(NO_TRACE_METADATA, method)
  );
}

/**
 * Reads what a method's declaration tells of its results. A generator function can return nothing else;
 * a declared return type is there if the compiler emits metadata. The rest is learned by calling.
 */
export function declaredShape(method: AnyFunction, returnType: unknown): CallShape {
  const isGenerator = isGeneratorFunction(method);
  return {
    lazy: isGenerator || isObservableClass(returnType) ? true : undefined,
    isAsync: types.isAsyncFunction(method) && !isGenerator,
  };
}

/** A Subject, or a class of its own, holds state: it is passed on, so its method is not lazy. */
function isObservableClass(type: unknown): boolean {
  if (typeof type !== 'function') return false;
  const prototype: unknown = Object.getOwnPropertyDescriptor(type, 'prototype')?.value;
  return typeof prototype === 'object' && prototype !== null && isObservablePrototype(prototype);
}
