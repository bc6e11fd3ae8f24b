import { trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { localTraceOf } from './local-trace-of.js';
import { ownBudget } from './own-budget.js';

/** As the tracer decides on any span, before anything is made for it. One that has no room is counted. */
export function mayOpen(parent: Context, name: string): boolean {
  const local = localTraceOf(trace.getSpan(parent));
  return local === undefined || (ownBudget()?.allows(local, name) ?? true);
}
