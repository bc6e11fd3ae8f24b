import { spanCount } from '../../span-count.js';
import type { AttributeList } from '../attributes/attribute-list.js';
import type { BudgetLimits } from './budget-limits.interface.js';

/** Spans of the trace that were left out. */
const ATTR_DROPPED = 'async.spans.dropped';
/** Calls of the trace that share one span with others of their name. */
const ATTR_COLLAPSED = 'async.spans.collapsed';

/** Names may be made of ids: no more are told apart. */
const MAX_NAMES = 200;
const SHOWN_NAMES = 3;
const LONGEST_NAME = 80;
/** A trace that stays open so long after its first span was left out is reported meanwhile. */
const PATIENCE_MILLIS = 5000;
/** The clock is looked at once in so many spans, a power of two. */
const LOOK_EVERY = 64;

/** Who hears of the end of a trace's root. */
interface AccountOwner {
  closed(account: TraceAccount, root: string): void;
}

/** What one trace has left out, and of which names. */
export class TraceAccount {
  dropped = 0;
  collapsed = 0;
  readonly #owner: AccountOwner;
  readonly #names = new Map<string, number>();
  readonly #since = performance.now();
  #isSaid = false;

  constructor(owner: AccountOwner) {
    this.#owner = owner;
  }

  /** Whether it has been reported while the trace was open. */
  get isSaid(): boolean {
    return this.#isSaid;
  }

  /** Counts a span that is left out. Returns whether that is to be said now: its root may never end. */
  drop(name: string): boolean {
    this.dropped += 1;
    const count = this.#names.get(name);
    if (count !== undefined || this.#names.size < MAX_NAMES)
      this.#names.set(name, (count ?? 0) + 1);
    if (this.#isSaid || this.dropped % LOOK_EVERY !== 0) return false;
    this.#isSaid = performance.now() - this.#since > PATIENCE_MILLIS;
    return this.#isSaid;
  }

  /** The local root of the trace ends: its attributes say what it lacks. */
  close(attributes: AttributeList, root: string): void {
    if (this.dropped > 0) attributes.set(ATTR_DROPPED, this.dropped);
    if (this.collapsed > 0) attributes.set(ATTR_COLLAPSED, this.collapsed);
    this.#owner.closed(this, root);
  }

  /** @param root the name of the trace's root, once it has ended */
  describe({ perTrace, hardLimit }: BudgetLimits, root?: string): string {
    const where = root === undefined ? 'a trace that is still open' : `"${shortened(root)}"`;
    return (
      `${spanCount(this.dropped)} of ${where} left out: more than its budget ` +
      `(spanBudget.perTrace ${perTrace}, spanBudget.hardLimit ${hardLimit}). Most are ` +
      `${this.#greediest()}. Trace less of them, or raise the budget.`
    );
  }

  #greediest(): string {
    const most = [...this.#names].sort(([, one], [, other]) => other - one).slice(0, SHOWN_NAMES);
    return most.map(([name, count]) => `"${shortened(name)}" (${count})`).join(', ');
  }
}

function shortened(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}
