import { trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { localTraceOf } from './local-trace-of.js';
import { ownBudget } from './own-budget.js';

/** Counts calls below the span of a context that have one span together: the root of their trace says so. */
export function noteCollapsed(parent: Context, calls: number): void {
  const local = localTraceOf(trace.getSpan(parent));
  if (local !== undefined) ownBudget()?.collapse(local, calls);
}
