import type { TraceRow } from './trace-row.js';

export const ORDERS = ['newest', 'slowest', 'errors', 'largest'] as const;
export type Order = (typeof ORDERS)[number];

const VALUE: Record<Order, (row: TraceRow) => number> = {
  newest: ({ start }) => start,
  slowest: ({ duration }) => duration,
  errors: ({ errors }) => errors,
  largest: ({ spans }) => spans,
};

/** Ids in an order, the newest first among equals. */
export function ordered(rows: Iterable<TraceRow>, order: Order): string[] {
  const value = VALUE[order];
  return [...rows]
    .toSorted((one, other) => value(other) - value(one) || other.start - one.start)
    .map(({ id }) => id);
}

/**
 * Ids to show while the list is held still: what is there stays in its place, what is new waits, what
 * has gone leaves no hole.
 */
export function held(shown: readonly string[], rows: ReadonlyMap<string, TraceRow>): string[] {
  return shown.filter((id) => rows.has(id));
}
