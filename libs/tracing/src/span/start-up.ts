import { trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { contextKey } from '../context-key.js';
import { runtime } from './runtime.js';

/** Marks the context of the application's start, and with it that of every timer made there. */
const START_UP = contextKey('start-up');

/** Marks a context as one of the start-up. */
export function asStartUp(context: Context): Context {
  return context.setValue(START_UP, true);
}

/**
 * The context a new span opens in. A timer, listener or pool made while Nest started keeps the
 * context of its making for life, so a span of the start-up that has ended is no parent any more.
 */
export function withoutEndedStartUp(active: Context, parent: Span): Context {
  if (parent.isRecording()) return active;
  const startedThere = active.getValue(START_UP) === true || parent === runtime().startUpSpan;
  return startedThere ? trace.deleteSpan(active).deleteValue(START_UP) : active;
}
