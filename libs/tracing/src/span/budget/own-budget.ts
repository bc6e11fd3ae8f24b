import type { SpanBudget } from '../../tracer/budget/span-budget.js';
import type { LeanTracer } from '../../tracer/lean-tracer.js';
import { registeredTracer } from '../registered-provider.js';

/** The budget of the registered SDK, if it is ours and has one. */
export function ownBudget(): SpanBudget | undefined {
  return (registeredTracer() as Partial<LeanTracer> | undefined)?.budget;
}
