import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { guard } from '../span/guard.js';
import type { AnyFunction, CallShape } from '../span/record.js';

/**
 * The result of an interceptor: an Observable, or the promise of one, in which the handler runs that the call
 * itself has asked for. Its span is open from the call on, so that the handler's lies within.
 */
export const INTERCEPTION: CallShape = { lazy: false, isPromised: true };

/** Whether a method may be an interceptor's: the calls of it have to be looked at. */
export function mayIntercept(method: AnyFunction): boolean {
  return method.name === 'intercept';
}

/** Whether these are the arguments that Nest gives to an interceptor. */
export function isInterceptorCall(args: readonly unknown[]): boolean {
  const isNests = (): boolean => {
    const [host, next] = args as readonly [Partial<ExecutionContext>?, Partial<CallHandler>?];
    return typeof next?.handle === 'function' && typeof host?.getHandler === 'function';
  };
  return guard('looking at the arguments of intercept()', isNests) === true;
}
