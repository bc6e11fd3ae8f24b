import { Injectable } from '@nestjs/common';
import { traceRows } from '../detail/trace-rows.js';
import { ReceptionRegistry } from '../receiving/reception.registry.js';
import { TraceFinder } from '../search/trace-finder.js';
import { RunningWatch } from '../store/running-watch.js';
import type { StoredTrace } from '../store/stored-trace.js';
import { TraceStore } from '../store/trace-store.js';
import type { StoreTotals, TraceList } from '../wire/trace-list.interface.js';
import type { ListQuery } from './list-query.js';

const ORDERS: Record<ListQuery['order'], (one: StoredTrace, other: StoredTrace) => number> = {
  recent: (one, other) => other.revision - one.revision,
  duration: (one, other) => durationOf(other) - durationOf(one),
  start: (one, other) => compare(other.facts.startNanos, one.facts.startNanos),
};

/** Lists traces, and says what the store holds. */
@Injectable()
export class TraceListing {
  constructor(
    private readonly store: TraceStore,
    private readonly finder: TraceFinder,
    private readonly running: RunningWatch,
    private readonly registry: ReceptionRegistry,
  ) {}

  /** @throws SearchError */
  async list({ q, order, limit }: ListQuery): Promise<TraceList> {
    // Taken before the search: what comes meanwhile is told again rather than not at all.
    const at = this.store.revision;
    const found = (await this.finder.find(q)).toSorted(ORDERS[order]);
    return {
      ...traceRows(found.slice(0, limit), this.running.isRunning),
      session: this.store.session,
      at,
      matched: found.length,
      totals: this.totals,
    };
  }

  /** What the store holds, and what was refused. */
  get totals(): StoreTotals {
    const counts: readonly number[] = Object.values(this.registry.refused);
    return { ...this.store.totals, refused: counts.reduce((sum, count) => sum + count, 0) };
  }
}

function durationOf({ facts }: StoredTrace): number {
  return Number(facts.endNanos - facts.startNanos);
}

function compare(one: bigint, other: bigint): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
