import { foldsOf, type Fold } from './repeats.js';
import { textOf, type TraceModel } from './trace-model.js';

/** One row of two traces side by side. */
export interface AlignedRow {
  readonly depth: number;
  /** The span on each side, the first of them where there are several; -1 for none. */
  readonly left: number;
  readonly right: number;
  readonly leftCount: number;
  readonly rightCount: number;
  /** Microseconds, the sum where there are several. */
  readonly leftTotal: number;
  readonly rightTotal: number;
  readonly leftSelf: number;
  readonly rightSelf: number;
}

interface Side {
  readonly model: TraceModel;
  readonly folds: ReadonlyMap<number, Fold>;
  keyOf(span: number): string;
}

/** Spans of one parent that do the same; several are one row where either side repeats. */
interface Entry {
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/**
 * Aligns two traces by path: siblings with the same name, service and kind are the same, and among
 * equals the first is the first. What repeats on either side is one row with both counts, whatever
 * its statements: a query in a loop and the one that replaces it stand side by side.
 */
export function align(left: TraceModel, right: TraceModel): AlignedRow[] {
  const [one, other] = [sideOf(left), sideOf(right)];
  const rows: AlignedRow[] = [];
  const open = pairs(one, other, rootsOf(left), rootsOf(right)).map((entry) => ({
    entry,
    depth: 0,
  }));
  open.reverse();
  for (let next = open.pop(); next; next = open.pop()) {
    const { entry, depth } = next;
    rows.push(rowOf(one.model, other.model, entry, depth));
    if (entry.left.length > 1 || entry.right.length > 1) continue;
    const below = pairs(
      one,
      other,
      childrenOf(left, entry.left[0]),
      childrenOf(right, entry.right[0]),
    );
    for (const child of below.toReversed()) open.push({ entry: child, depth: depth + 1 });
  }
  return rows;
}

/** The rows that explain a difference: largest change of self time first. */
export function topChanges(rows: readonly AlignedRow[], count: number): AlignedRow[] {
  const changeOf = ({ leftSelf, rightSelf }: AlignedRow) => Math.abs(rightSelf - leftSelf);
  return rows
    .filter((row) => changeOf(row) > 0 || row.leftCount !== row.rightCount)
    .toSorted((one, other) => changeOf(other) - changeOf(one))
    .slice(0, count);
}

/** Whether a row is on one side only or repeats more or less often. */
export function isChangedShape({ leftCount, rightCount }: AlignedRow): boolean {
  return leftCount !== rightCount;
}

function sideOf(model: TraceModel): Side {
  const folds = new Map<number, Fold>();
  for (const fold of foldsOf(model)) for (const member of fold.members) folds.set(member, fold);
  const keyOf = (span: number) =>
    JSON.stringify([
      textOf(model, model.name[span]!),
      model.detail.services[model.service[span]!]?.name ?? '',
      model.detail.spans.kind[span]!,
    ]);
  return { model, folds, keyOf };
}

function rootsOf({ count, end }: TraceModel): number[] {
  const roots = [];
  for (let span = 0; span < count; span = end[span]!) roots.push(span);
  return roots;
}

function childrenOf({ end }: TraceModel, span: number | undefined): number[] {
  const children: number[] = [];
  if (span === undefined) return children;
  for (let child = span + 1; child < end[span]!; child = end[child]!) children.push(child);
  return children;
}

/** Entries in the order of the left side; what only the right has stands after what it follows there. */
function pairs(one: Side, other: Side, left: number[], right: number[]): Entry[] {
  const lefts = Map.groupBy(left, one.keyOf);
  const rights = Map.groupBy(right, other.keyOf);
  const entries = new Map<string, Entry[]>();
  for (const key of mergedKeys([...lefts.keys()], [...rights.keys()])) {
    entries.set(key, entriesOf(one, other, lefts.get(key) ?? [], rights.get(key) ?? []));
  }
  return [...entries.values()].flat();
}

function mergedKeys(left: readonly string[], right: readonly string[]): string[] {
  const isLeft = new Set(left);
  const following = new Map<string, string[]>();
  let before = '';
  for (const key of right) {
    if (isLeft.has(key)) before = key;
    else if (following.has(before)) following.get(before)!.push(key);
    else following.set(before, [key]);
  }
  return ['', ...left].flatMap((key) => [
    ...(key === '' ? [] : [key]),
    ...(following.get(key) ?? []),
  ]);
}

function entriesOf(one: Side, other: Side, left: number[], right: number[]): Entry[] {
  const repeats = ({ folds, model }: Side, spans: number[]) =>
    spans.some((span) => folds.has(span) || model.calls[span]! > 1);
  if (repeats(one, left) || repeats(other, right)) return [{ left, right }];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => ({
    left: left.slice(index, index + 1),
    right: right.slice(index, index + 1),
  }));
}

function rowOf(left: TraceModel, right: TraceModel, entry: Entry, depth: number): AlignedRow {
  return {
    depth,
    left: entry.left[0] ?? -1,
    right: entry.right[0] ?? -1,
    leftCount: sum(left.calls, entry.left),
    rightCount: sum(right.calls, entry.right),
    leftTotal: sum(left.took, entry.left),
    rightTotal: sum(right.took, entry.right),
    leftSelf: sum(left.self, entry.left),
    rightSelf: sum(right.self, entry.right),
  };
}

function sum(values: Float64Array, spans: readonly number[]): number {
  let total = 0;
  for (const span of spans) total += values[span]!;
  return total;
}
