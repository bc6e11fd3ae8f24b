/** Numbers by the group that each belongs to; those of group g are `items[offsets[g]..offsets[g + 1]]`. */
export interface Groups {
  readonly offsets: Int32Array;
  readonly items: Int32Array;
}

/** Groups the indexes of `keys` by key, in order; keys outside 0..count - 1 belong to no group. */
export function groupBy(count: number, keys: ArrayLike<number>): Groups {
  const offsets = new Int32Array(count + 1);
  let kept = 0;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!;
    if (key < 0 || key >= count) continue;
    offsets[key + 1]!++;
    kept++;
  }
  for (let key = 0; key < count; key++) offsets[key + 1]! += offsets[key]!;
  const items = new Int32Array(kept);
  const next = offsets.slice(0, count);
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!;
    if (key >= 0 && key < count) items[next[key]!++] = index;
  }
  return { offsets, items };
}

/** What belongs to a group. */
export function itemsOf({ offsets, items }: Groups, group: number): Int32Array {
  if (group < 0 || group + 1 >= offsets.length) return items.subarray(0, 0);
  return items.subarray(offsets[group], offsets[group + 1]);
}

/** How much belongs to a group. */
export function sizeOf({ offsets }: Groups, group: number): number {
  return group < 0 || group + 1 >= offsets.length ? 0 : offsets[group + 1]! - offsets[group]!;
}
