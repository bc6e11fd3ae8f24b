import type { SpanIdentity } from '../ids/span-identity.js';
import { UnsampledSpan } from '../unsampled-span.js';

/**
 * Stands for a span that its trace has no room for. It records nothing, and is its parent to everybody who
 * asks: what opens below it, what it sends and what it logs belong to a span that is exported.
 */
export class OverBudgetSpan extends UnsampledSpan {
  /** @param parent the identity of the span that stays the parent */
  constructor(parent: SpanIdentity) {
    super(parent);
  }
}
