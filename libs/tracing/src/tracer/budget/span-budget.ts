import type { LocalTrace } from '../ids/local-trace.js';
import type { BudgetLimits } from './budget-limits.interface.js';
import { TraceAccount } from './trace-account.js';

/** What the budget has left out, of all traces. */
export interface BudgetTotals {
  /** Spans beyond the budget of their trace. */
  readonly dropped: number;
  /** Calls that share one summary span with others of their name. */
  readonly collapsed: number;
}

/**
 * Bounds what one local root may record: the first span that this process makes of a trace, with all below
 * it. The counter is a field of the trace, which every child reaches by its parent; names and numbers are
 * kept only of traces that leave something out, and go with them.
 */
export class SpanBudget {
  readonly #limits: BudgetLimits;
  readonly #warn: (message: string) => void;
  #dropped = 0;
  #collapsed = 0;

  /** @param warn is told of traces that leave spans out, and limits itself */
  constructor(limits: BudgetLimits, warn: (message: string) => void) {
    this.#limits = limits;
    this.#warn = warn;
  }

  get totals(): BudgetTotals {
    return { dropped: this.#dropped, collapsed: this.#collapsed };
  }

  /**
   * Whether an automatic span of a trace has room; counts it as left out if not. Whoever records what
   * collapsed calls have together does not ask: there is one of a name below a parent, and without it nobody
   * would know what the trace lacks. `allows` bounds these.
   */
  hasRoom(trace: LocalTrace, name: string): boolean {
    if (trace.spans < this.#limits.perTrace) return true;
    this.#drop(trace, name);
    return false;
  }

  /** Whether any span below the root has; counts it as left out if not. */
  allows(trace: LocalTrace, name: string): boolean {
    if (trace.spans < this.#limits.hardLimit) return true;
    trace.isFull = true;
    this.#drop(trace, name);
    return false;
  }

  /** Counts calls that have a summary span instead of one each. */
  collapse(trace: LocalTrace, calls: number): void {
    this.#collapsed += calls;
    this.#accountOf(trace).collapsed += calls;
  }

  /** The root of a trace that lacks something has ended. */
  closed(account: TraceAccount, root: string): void {
    if (account.dropped > 0 && !account.isSaid) this.#warn(account.describe(this.#limits, root));
  }

  #drop(trace: LocalTrace, name: string): void {
    this.#dropped += 1;
    const account = this.#accountOf(trace);
    if (account.drop(name)) this.#warn(account.describe(this.#limits));
  }

  #accountOf(trace: LocalTrace): TraceAccount {
    return (trace.account ??= new TraceAccount(this));
  }
}
