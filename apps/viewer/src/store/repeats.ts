import type { ReceivedSpan } from '../telemetry.interface.js';
import { collapsedCalls } from './collapsed-calls.js';
import { isQuery } from './statement.js';
import type { TraceFacts } from './trace-facts.js';

/** How often something came again under one parent; 0 for what did not. */
export interface Repeats {
  readonly statements: number;
  readonly calls: number;
}

/** Counts what has spans of its own. */
export function repeatsOf({ repeated, repeatedCalls }: TraceFacts): Repeats {
  return { statements: repeated, calls: repeatedCalls };
}

/** Counts collapsed calls together with those that have spans. */
export function collapsedRepeatsOf(facts: TraceFacts, spans: Iterable<ReceivedSpan>): Repeats {
  const found = { ...repeatsOf(facts) };
  for (const { first, times } of collapsedCalls([...spans])) {
    const what = isQuery(first) ? 'statements' : 'calls';
    found[what] = Math.max(found[what], times);
  }
  return found;
}
