import { sortPlaces } from './sort-places.js';

/** Spans in the order in which a tree is drawn. */
export interface DepthFirst {
  /** Which span is at each place. */
  readonly order: Int32Array;
  /** Spans that were their own ancestors and are roots now: one of each circle. */
  readonly cut: readonly number[];
}

/** What siblings are ordered by: time, then rank. */
export interface Ordering {
  readonly start: Float64Array;
  readonly rank: Float64Array;
}

/** Orders a forest, parents before their children. A loop: a sender decides how deep its tree is. */
export function depthFirst(parent: Int32Array, { start, rank }: Ordering): DepthFirst {
  const byTime = sortPlaces(parent.length, (one, other) => {
    const later = start[one]! - start[other]!;
    return later < 0 || (later === 0 && rank[one]! < rank[other]!);
  });
  const walk = new Walk(parent, byTime);
  const cut: number[] = [];
  walk.from(byTime.filter((at) => parent[at]! < 0).reverse());
  for (let place = 0; place < byTime.length; place++) {
    const at = byTime[place]!;
    if (walk.isSeen(at)) continue;
    cut.push(at);
    walk.from(Int32Array.of(at));
  }
  return { order: walk.order, cut };
}

/** A walk through lists of siblings that are linked backwards, so that a stack turns them around. */
class Walk {
  readonly order: Int32Array;
  readonly #lastChild: Int32Array;
  readonly #previousSibling: Int32Array;
  readonly #seen: Uint8Array;
  #length = 0;

  constructor(parent: Int32Array, byTime: Int32Array) {
    const size = parent.length;
    this.order = new Int32Array(size);
    this.#lastChild = new Int32Array(size).fill(-1);
    this.#previousSibling = new Int32Array(size).fill(-1);
    this.#seen = new Uint8Array(size);
    for (let place = 0; place < size; place++) {
      const at = byTime[place]!;
      const above = parent[at]!;
      if (above < 0) continue;
      this.#previousSibling[at] = this.#lastChild[above]!;
      this.#lastChild[above] = at;
    }
  }

  isSeen(at: number): boolean {
    return this.#seen[at] === 1;
  }

  /** Walks from roots; the first is at the end. */
  from(roots: Int32Array): void {
    const stack = [...roots];
    for (const root of roots) this.#seen[root] = 1;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      this.order[this.#length++] = at;
      for (let child = this.#lastChild[at]!; child >= 0; child = this.#previousSibling[child]!) {
        if (this.isSeen(child)) continue;
        this.#seen[child] = 1;
        stack.push(child);
      }
    }
  }
}
