import type { TraceModel } from './trace-model.js';

/** Spans merged by path: a frame is every span with the same names above it. Preorder. */
export interface Icicle {
  readonly name: Int32Array;
  readonly service: Int32Array;
  readonly depth: Int32Array;
  readonly parent: Int32Array;
  readonly count: Int32Array;
  /** Self time of the frame and of all below: what its width shows, so that children fit into it. */
  readonly total: Float64Array;
  readonly self: Float64Array;
  /** Microseconds left of it, in the same measure. */
  readonly offset: Float64Array;
  /** The first span of each frame. */
  readonly first: Int32Array;
}

interface Frame {
  readonly name: number;
  readonly service: number;
  readonly first: number;
  readonly children: Map<number, Frame>;
  count: number;
  self: number;
  total: number;
}

/** Merges a trace by path. Widths are sums of self time: children at the same time do not overlap. */
export function icicleOf(model: TraceModel): Icicle {
  const root = frameOf(-1, -1, -1);
  const frames: Frame[] = [];
  const frameOfSpan: Frame[] = [];
  const services = Math.max(1, model.detail.services.length);
  for (let span = 0; span < model.count; span++) {
    const above = frameOfSpan[model.parent[span]!] ?? root;
    const key = model.name[span]! * services + model.service[span]!;
    let frame = above.children.get(key);
    if (!frame) {
      frame = frameOf(model.name[span]!, model.service[span]!, span);
      above.children.set(key, frame);
      frames.push(frame);
    }
    frame.count++;
    frame.self += model.self[span]!;
    frameOfSpan[span] = frame;
  }
  // A frame is made after the one above it, so backwards every total below is known.
  for (const frame of frames.toReversed()) frame.total = frame.self + sumOf(frame);
  return columnsOf(root, frames.length);
}

function frameOf(name: number, service: number, first: number): Frame {
  return { name, service, first, children: new Map(), count: 0, self: 0, total: 0 };
}

function sumOf({ children }: Frame): number {
  let sum = 0;
  for (const { total } of children.values()) sum += total;
  return sum;
}

function columnsOf(root: Frame, count: number): Icicle {
  const icicle = {
    name: new Int32Array(count),
    service: new Int32Array(count),
    depth: new Int32Array(count),
    parent: new Int32Array(count),
    count: new Int32Array(count),
    total: new Float64Array(count),
    self: new Float64Array(count),
    offset: new Float64Array(count),
    first: new Int32Array(count),
  };
  const open: { frame: Frame; parent: number; offset: number }[] = [];
  const push = (frame: Frame, parent: number, from: number) => {
    let offset = from;
    const below = [...frame.children.values()].toSorted((a, b) => b.total - a.total);
    const placed = below.map((child) => {
      const at = offset;
      offset += child.total;
      return { frame: child, parent, offset: at };
    });
    for (const each of placed.toReversed()) open.push(each);
  };
  push(root, -1, 0);
  let next = 0;
  for (let each = open.pop(); each; each = open.pop()) {
    const { frame, parent, offset } = each;
    icicle.name[next] = frame.name;
    icicle.service[next] = frame.service;
    icicle.depth[next] = parent < 0 ? 0 : icicle.depth[parent]! + 1;
    icicle.parent[next] = parent;
    icicle.count[next] = frame.count;
    icicle.total[next] = frame.total;
    icicle.self[next] = frame.self;
    icicle.offset[next] = offset;
    icicle.first[next] = frame.first;
    push(frame, next, offset);
    next++;
  }
  return icicle;
}
