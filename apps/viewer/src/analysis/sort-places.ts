/** Whether a place is to stand before another; those that are equal keep their order. */
export type IsBefore = (one: number, other: number) => boolean;

/**
 * The numbers below `length` in an order: a merge of runs that are in order already, as the spans of a
 * sender mostly are. `sort` of a typed array makes a call through the engine for each comparison, and
 * costs five times this.
 */
export function sortPlaces(length: number, isBefore: IsBefore): Int32Array {
  let from = new Int32Array(length);
  for (let at = 0; at < length; at++) from[at] = at;
  let starts = runsOf(from, isBefore);
  let to = starts.length > 1 ? new Int32Array(length) : from;
  while (starts.length > 1) {
    const merged: number[] = [];
    for (let run = 0; run < starts.length; run += 2) {
      const first = starts[run]!;
      const middle = starts[run + 1] ?? length;
      merge({ from, to, first, middle, end: starts[run + 2] ?? length }, isBefore);
      merged.push(first);
    }
    starts = merged;
    [from, to] = [to, from];
  }
  return from;
}

/** Where each run begins. */
function runsOf(places: Int32Array, isBefore: IsBefore): number[] {
  const starts = [0];
  for (let at = 1; at < places.length; at++) if (isBefore(at, at - 1)) starts.push(at);
  return starts;
}

interface Merge {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly first: number;
  readonly middle: number;
  readonly end: number;
}

/** Joins two runs that stand side by side. */
function merge({ from, to, first, middle, end }: Merge, isBefore: IsBefore): void {
  let [left, right] = [first, middle];
  for (let at = first; at < end; at++) {
    const isRight = right < end && (left >= middle || isBefore(from[right]!, from[left]!));
    to[at] = from[isRight ? right++ : left++]!;
  }
}
