import { REPEATS, collapsedCalls } from '../store/collapsed-calls.js';
import { statementOf } from '../store/statement.js';
import { printable } from '../showing/text.js';
import type { SpanTable } from '../analysis/span-table.js';
import type { Problem } from '../wire/problem.interface.js';
import { MAX_EVIDENCE, siblingsOf, timeText, type Look } from './problem-source.js';

/** The same statement or call again and again under one parent. */
export const lookForRepeats: Look = ({ table, facts }) => {
  const { statements } = table;
  const collapsed = facts.collapsed > 0 ? collapsedCalls(table.spans) : [];
  const told = new Set(collapsed.flatMap(({ places }) => places));
  const isMeant = (at: number) => statements[at] !== undefined && !told.has(at);
  const repeated = [...siblingsOf(table, REPEATS, isMeant)].flatMap(([, siblings]) => {
    const groups = new Map<string, number[]>();
    for (const at of siblings) {
      const group = groups.get(statements[at]!);
      if (group) group.push(at);
      else groups.set(statements[at]!, [at]);
    }
    return [...groups].flatMap(([statement, places]) => {
      if (places.length < REPEATS) return [];
      const took = places.reduce((sum, at) => sum + table.end[at]! - table.start[at]!, 0);
      return problemOf(table, { what: statement, places, times: places.length, took });
    });
  });
  const together = collapsed.map(({ first, ...calls }) =>
    problemOf(table, { what: statementOf(first) ?? first.name, ...calls }),
  );
  return [...repeated, ...together];
};

interface Repeat {
  readonly what: string;
  readonly places: readonly number[];
  readonly times: number;
  /** Microseconds. */
  readonly took: number;
}

function problemOf({ spans, parent }: SpanTable, { what, places, times, took }: Repeat): Problem {
  const above = spans[parent[places[0]!]!];
  const where = above ? ` under ${printable(above.name, 100)}` : '';
  return {
    kind: 'repeated',
    span: places[0]!,
    text: `${printable(what, 160)} ran ${times} times${where}, ${timeText(took)} in all`,
    evidence: places.slice(0, MAX_EVIDENCE),
    cost: took,
  };
}
