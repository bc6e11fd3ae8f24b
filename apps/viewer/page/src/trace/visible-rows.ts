import { ROW, hasChildren, type DisplayTree } from './display-tree.js';
import { spanIdOf, type TraceModel } from './trace-model.js';

/** What a reader has closed and opened, by names that survive a newer state of the trace. */
export interface OpenState {
  readonly closed: ReadonlySet<string>;
  /** Folds of repeats are closed until they are opened. */
  readonly opened: ReadonlySet<string>;
}

/** Name of a row under which it is remembered as closed or opened. */
export function rowKey(tree: DisplayTree, position: number): string {
  const { kind, ref, folds, model } = tree;
  if (kind[position] === ROW.span) return spanIdOf(model, ref[position]!);
  if (kind[position] === ROW.fold) return `×${spanIdOf(model, folds[ref[position]!]!.members[0]!)}`;
  return `${kind[position]}:${ref[position]}`;
}

/** Whether what is below a row is hidden. */
export function isClosed(tree: DisplayTree, state: OpenState, position: number): boolean {
  if (!hasChildren(tree, position)) return false;
  const isFold = tree.kind[position] === ROW.fold;
  const named = isFold ? state.opened : state.closed;
  // Mostly nothing is: then no name is made of each of ten thousand rows.
  return (named.size > 0 && named.has(rowKey(tree, position))) !== isFold;
}

/** Positions of the rows to show, from `from` to `to`; with `keep` those alone that it marks. */
export function visibleRows(
  tree: DisplayTree,
  state: OpenState,
  keep?: Uint8Array,
  from = 0,
  to = tree.kind.length,
): Int32Array {
  const rows = new Int32Array(to - from);
  let count = 0;
  for (let position = from; position < to;) {
    if (keep && !keep[position]) {
      position++;
      continue;
    }
    rows[count++] = position;
    position = isClosed(tree, state, position) ? tree.end[position]! : position + 1;
  }
  return rows.subarray(0, count);
}

/** Index of a position among the visible rows, or of the row that hides it. Binary search. */
export function rowOf(rows: Int32Array, position: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rows[middle]! <= position) low = middle;
    else high = middle - 1;
  }
  return rows.length === 0 ? -1 : low;
}

/** Opens whatever hides a position. */
export function opened(tree: DisplayTree, state: OpenState, position: number): OpenState {
  const closed = new Set(state.closed);
  const open = new Set(state.opened);
  for (let at = tree.parent[position]!; at >= 0; at = tree.parent[at]!) {
    closed.delete(rowKey(tree, at));
    if (tree.kind[at] === ROW.fold) open.add(rowKey(tree, at));
  }
  return { closed, opened: open };
}

/** Closes a row that is open, opens one that is closed. */
export function toggled(tree: DisplayTree, state: OpenState, position: number): OpenState {
  const key = rowKey(tree, position);
  const isFold = tree.kind[position] === ROW.fold;
  const flip = (set: ReadonlySet<string>) =>
    set.has(key) ? new Set([...set].filter((each) => each !== key)) : new Set([...set, key]);
  return isFold
    ? { closed: state.closed, opened: flip(state.opened) }
    : { closed: flip(state.closed), opened: state.opened };
}

/** Spans at a depth and with children closed, everything above open; folds stay as they are. */
export function closedAtDepth(model: TraceModel, depth: number, state: OpenState): OpenState {
  const closed = new Set<string>();
  for (let span = 0; span < model.count; span++) {
    if (model.depth[span]! >= depth && model.children[span]! > 0) closed.add(spanIdOf(model, span));
  }
  return { closed, opened: state.opened };
}

/** Marks the rows of some spans and everything above them. */
export function withAncestors(tree: DisplayTree, spans: Iterable<number>): Uint8Array {
  const keep = new Uint8Array(tree.kind.length);
  for (const span of spans) {
    for (let at = tree.positionOfSpan[span] ?? -1; at >= 0 && !keep[at]; at = tree.parent[at]!) {
      keep[at] = 1;
    }
  }
  return keep;
}
