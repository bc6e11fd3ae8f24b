import type { SpanTable } from '../analysis/span-table.js';

/** How many lanes of one service are tried before spans share the last. */
const MAX_LANES = 200;

/**
 * Gives every span a lane in which it lies wholly within its neighbours or beside them: what reads the
 * Chrome trace format draws nothing else. The lane of its parent comes first.
 */
export function lanesOf({ length, parent, start, end, clock }: SpanTable): Int32Array {
  const lanes = new Int32Array(length);
  const open = new Map<number, number[][]>();
  for (let at = 0; at < length; at++) {
    const stacks = open.get(clock[at]!) ?? [];
    open.set(clock[at]!, stacks);
    const above = parent[at]!;
    const first = above >= 0 && clock[above] === clock[at] ? lanes[above]! : 0;
    lanes[at] = enter(stacks, first, start[at]!, end[at]!);
  }
  return lanes;
}

/** Each lane is a stack of the ends of what is open in it. */
function enter(lanes: number[][], first: number, start: number, end: number): number {
  for (let lane = first; lane < MAX_LANES; lane++) {
    const stack = (lanes[lane] ??= []);
    while (stack.length > 0 && stack.at(-1)! <= start) stack.pop();
    const around = stack.at(-1) ?? Infinity;
    if (end > around) continue;
    stack.push(end);
    return lane;
  }
  return MAX_LANES - 1;
}
