import { trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { localTraceOf } from './local-trace-of.js';
import { ownBudget } from './own-budget.js';

/**
 * Whether the trace of a context has room for a span that nobody has asked for. One that has none is counted:
 * the call then runs without it. An SDK that is not the module's has no budget.
 */
export function mayStart(parent: Context, name: string): boolean {
  const local = localTraceOf(trace.getSpan(parent));
  return local === undefined || (ownBudget()?.hasRoom(local, name) ?? true);
}
