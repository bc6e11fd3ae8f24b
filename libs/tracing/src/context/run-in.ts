import { AsyncResource } from 'node:async_hooks';
import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

const apply = Reflect.apply as (
  fn: unknown,
  receiver: unknown,
  args: ArrayLike<unknown>,
) => unknown;

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
  if (context.active() === ctx) return apply(fn, receiver, args);
  const here = new AsyncResource('nestjs-tracing.context');
  return here.runInAsyncScope(inside, undefined, ctx, fn, receiver, args);
}

/**
 * Makes a context active for what follows inside of the current run of an AsyncResource, with whose end
 * that is over. False if the context manager cannot.
 */
export function enter(ctx: Context): boolean {
  context.attach(ctx);
  return context.active() === ctx;
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
