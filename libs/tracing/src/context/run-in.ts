import { AsyncResource } from 'node:async_hooks';
import { types } from 'node:util';
import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { processSlot } from '../process-slot.js';

const apply = Reflect.apply as (
  fn: unknown,
  receiver: unknown,
  args: ArrayLike<unknown>,
) => unknown;

/** Of which class the tokens are of a manager that was seen to attach: it need not be asked each time. */
const attaches = processSlot('attaching manager', () => ({ by: null as unknown }));

/**
 * Calls a function with a context active, as `context.with` does. To go back, `with` sets the context
 * that was there, for which Node copies all stores a second time. The end of an AsyncResource's run puts
 * back what was there as it was.
 */
export function runIn(
  ctx: Context,
  fn: (...args: never[]) => unknown,
  receiver: unknown,
  args: ArrayLike<unknown>,
): unknown {
  return context.active() === ctx ? apply(fn, receiver, args) : runInNew(ctx, fn, receiver, args);
}

/** As `runIn`, for a context that was made for this call: it cannot be the active one. */
export function runInNew(
  ctx: Context,
  fn: (...args: never[]) => unknown,
  receiver: unknown,
  args: ArrayLike<unknown>,
): unknown {
  const here = new AsyncResource('nestjs-tracing.context');
  return here.runInAsyncScope(inside, undefined, ctx, fn, receiver, args);
}

/**
 * Calls a function of the application with a context that was made for this call. What a function enters by
 * itself of stores of its own (`AsyncLocalStorage.enterWith`) is there for its caller, as it would be without
 * us; the end of an AsyncResource's run would undo it. Of an async function nobody relies on that.
 *
 * @param isAsync whether it is an async function, for who knows it: to ask takes as long as all the rest
 */
export function runCall(
  ctx: Context,
  fn: (...args: never[]) => unknown,
  receiver: unknown,
  args: ArrayLike<unknown>,
  isAsync = types.isAsyncFunction(fn),
): unknown {
  return isAsync
    ? runInNew(ctx, fn, receiver, args)
    : context.with(ctx, apply, undefined, fn, receiver, args);
}

/**
 * Makes a context active for what follows inside of the current run of an AsyncResource, with whose end
 * that is over. False if the context manager cannot.
 */
export function enter(ctx: Context): boolean {
  const token = context.attach(ctx) as object | undefined;
  if (token !== undefined && token.constructor === attaches.current.by) return true;
  if (context.active() !== ctx) return false;
  // A plain object is also what the API itself answers with where no manager does it.
  if (token?.constructor !== Object) attaches.current.by = token?.constructor;
  return true;
}

function inside(
  ctx: Context,
  fn: (...args: never[]) => unknown,
  receiver: unknown,
  args: ArrayLike<unknown>,
): unknown {
  return enter(ctx)
    ? apply(fn, receiver, args)
    : context.with(ctx, apply, undefined, fn, receiver, args);
}
