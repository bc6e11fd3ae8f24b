import { REPEATS } from '../store/trace-facts.js';
import { numberOf, printable } from '../showing/text.js';
import type { SpanTable } from '../analysis/span-table.js';
import type { Problem } from '../wire/trace-detail.interface.js';
import { MAX_EVIDENCE, siblingsOf, timeText, type Look } from './problem-source.js';

/** The same statement again and again under one parent. */
export const lookForRepeats: Look = ({ table }) => {
  const { statements } = table;
  // A single span may stand for many: what was collapsed has its count.
  const isMeant = (at: number) => statements[at] !== undefined;
  return [...siblingsOf(table, 1, isMeant)].flatMap(([above, siblings]) => {
    const isFew = siblings.length < REPEATS && !siblings.some((at) => timesOf(table, at) > 1);
    if (isFew) return [];
    const groups = new Map<string, number[]>();
    for (const at of siblings) {
      const group = groups.get(statements[at]!);
      if (group) group.push(at);
      else groups.set(statements[at]!, [at]);
    }
    return [...groups].flatMap(([statement, spans]) => problemOf(table, above, statement, spans));
  });
};

function problemOf(
  table: SpanTable,
  above: number,
  statement: string,
  spans: readonly number[],
): Problem[] {
  const times = spans.reduce((sum, at) => sum + timesOf(table, at), 0);
  if (times < REPEATS) return [];
  const cost = spans.reduce((sum, at) => sum + table.end[at]! - table.start[at]!, 0);
  const parent = table.spans[above];
  const where = parent ? ` under ${printable(parent.name, 100)}` : '';
  const what = `${printable(statement, 160)} ran ${times} times${where}`;
  return [
    {
      kind: 'repeated',
      span: spans[0]!,
      text: `${what}, ${timeText(cost)} in all`,
      evidence: spans.slice(0, MAX_EVIDENCE),
      cost,
    },
  ];
}

function timesOf({ spans }: SpanTable, at: number): number {
  return Math.max(1, numberOf(spans[at]?.attributes['async.collapsed.count']));
}
