import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { contextKey } from '../context-key.js';

const DISPATCH = contextKey('cqrs dispatch');

/** What a context knows of the events that are being published in it. */
interface EventDispatch {
  /** The application whose bus they were published on. */
  readonly application: symbol;
  /** Whether several events are published at once. */
  readonly several: boolean;
}

/** Returns a context in which handlers know who published. */
export function withDispatch(ctx: Context, dispatch: EventDispatch): Context {
  return ctx.setValue(DISPATCH, dispatch);
}

/** Returns who publishes here, if anybody. */
export function currentDispatch(): EventDispatch | undefined {
  return context.active().getValue(DISPATCH) as EventDispatch | undefined;
}

/** Returns a context that is no longer part of a publishing: what a handler does is its own. */
export function withoutDispatch(ctx: Context): Context {
  return ctx.getValue(DISPATCH) === undefined ? ctx : ctx.deleteValue(DISPATCH);
}
