import { CONDITIONS, type Condition } from './conditions.js';
import { readTerms, type Term } from './read-terms.js';
import { SearchError } from './search.error.js';
import { traceContains } from './text-of.js';

/** A search that was understood. */
export interface Search {
  /** Every trace is meant. */
  readonly isEmpty: boolean;
  readonly matches: Condition;
}

/**
 * Reads a search: terms divided by blanks, all of which must hold.
 *
 * @throws SearchError that names the term, what it wants and where it stands.
 */
export function readSearch(query: string): Search {
  // What looks at one number comes before what reads every text.
  const conditions = readTerms(query)
    .toSorted((one, other) => costOf(one) - costOf(other))
    .map(readCondition);
  return {
    isEmpty: conditions.length === 0,
    matches: (trace, isRunning) => conditions.every((holds) => holds(trace, isRunning)),
  };
}

function readCondition({ key, value, isNegated, at }: Term): Condition {
  const holds = key === '' ? readWord(value) : readKeyed(key, value, at);
  return isNegated ? (trace, isRunning) => !holds(trace, isRunning) : holds;
}

function readWord(value: string): Condition {
  const text = value.toLowerCase();
  return (trace) => traceContains(trace, text);
}

function readKeyed(key: string, value: string, at: number): Condition {
  if (!Object.hasOwn(CONDITIONS, key)) {
    const known = Object.keys(CONDITIONS).join(', ');
    throw new SearchError(`There is no "${key}:"; put it in quotes, or use one of ${known}.`, at);
  }
  const { read, wants } = CONDITIONS[key]!;
  const condition = read(value);
  if (!condition) throw new SearchError(`"${key}:" wants ${wants}.`, at);
  return condition;
}

function costOf({ key }: Term): number {
  if (key === '') return 3;
  return { attr: 2, log: 2, name: 2 }[key] ?? 1;
}
