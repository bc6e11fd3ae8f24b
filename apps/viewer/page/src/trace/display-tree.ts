import { foldsOf, type Fold } from './repeats.js';
import { groupBy, itemsOf, sizeOf, type Groups } from './groups.js';
import type { JoinedPart } from './join-traces.js';
import type { TraceModel } from './trace-model.js';

/** What a row shows. */
export const ROW = { span: 0, fold: 1, log: 2, link: 3 } as const;

/** Everything that can be a row, in preorder; a position's subtree is the range up to `end`. */
export interface DisplayTree {
  readonly model: TraceModel;
  readonly folds: readonly Fold[];
  /** {@link ROW}. */
  readonly kind: Uint8Array;
  /** Index of the span, fold, log line or link. */
  readonly ref: Int32Array;
  readonly depth: Int32Array;
  readonly end: Int32Array;
  /** Position of the row above in the tree, -1 for a root. */
  readonly parent: Int32Array;
  readonly positionOfSpan: Int32Array;
}

export interface DisplayOptions {
  readonly withFolds: boolean;
  readonly withLogs: boolean;
  readonly withLinks: boolean;
}

/** Nodes before they have a place: spans first, then folds, log lines, links. */
interface Nodes {
  readonly kind: Uint8Array;
  readonly ref: Int32Array;
  readonly time: Float64Array;
  readonly parent: Int32Array;
}

/** Arranges spans, folds, log lines and links into the order of rows, siblings by time. */
export function displayTreeOf(model: TraceModel, options: DisplayOptions): DisplayTree {
  const folds = options.withFolds ? foldsOf(model) : [];
  const nodes = nodesOf(model, folds, options);
  return { model, folds, ...placed(nodes, orderOf(nodes, model.count), model.count) };
}

function nodesOf(model: TraceModel, folds: readonly Fold[], options: DisplayOptions): Nodes {
  const { logs, links } = model.detail;
  const logCount = options.withLogs ? logs.span.length : 0;
  const shown = options.withLinks ? shownLinks(model) : [];
  const count = model.count + folds.length + logCount + shown.length;
  const nodes = {
    kind: new Uint8Array(count),
    ref: new Int32Array(count),
    time: new Float64Array(count),
    parent: new Int32Array(count),
  };
  let next = 0;
  const add = (kind: number, ref: number, time: number, parent: number): number => {
    nodes.kind[next] = kind;
    nodes.ref[next] = ref;
    nodes.time[next] = time;
    nodes.parent[next] = parent;
    return next++;
  };
  for (let span = 0; span < model.count; span++) {
    add(ROW.span, span, model.start[span]!, model.parent[span]!);
  }
  for (const [index, { parent, members }] of folds.entries()) {
    const node = add(ROW.fold, index, model.start[members[0]!]!, parent);
    for (const member of members) nodes.parent[member] = node;
  }
  for (let log = 0; log < logCount; log++) add(ROW.log, log, logs.time[log]!, logs.span[log]!);
  for (const link of shown) {
    const span = links.span[link]!;
    const node = add(ROW.link, link, links.start[link] ?? model.start[span]!, span);
    const part = model.parts.find((each) => each.link === link);
    if (part) hang(nodes.parent, model, part, node);
  }
  return nodes;
}

/** Another trace stands below the row of the link that leads to it. */
function hang(parents: Int32Array, { end }: TraceModel, part: JoinedPart, node: number): void {
  for (let root = part.from; root < part.to; root = end[root]!) parents[root] = node;
}

/** Links between what is shown are drawn as curves; a row is for what is elsewhere, or led there. */
function shownLinks({ detail: { links, traceId }, parts, ownCount }: TraceModel): number[] {
  const shown = new Set([traceId, ...parts.map((part) => part.traceId)]);
  return links.span.flatMap((span, link) => {
    const id = links.traceId[link]!;
    const isElsewhere = span < ownCount ? id !== traceId : !shown.has(id);
    return span >= 0 && isElsewhere ? [link] : [];
  });
}

/** Children of every node by time; those that came in order are not sorted again. */
function orderOf({ parent, time }: Nodes, spanCount: number): Groups {
  const children = groupBy(parent.length + 1, parent.map(familyOf));
  const isMixed = new Set<number>();
  for (let node = spanCount; node < parent.length; node++) isMixed.add(familyOf(parent[node]!));
  for (const family of isMixed) {
    itemsOf(children, family).sort((one, other) => time[one]! - time[other]! || one - other);
  }
  return children;
}

/** The group of the children of a node; roots, whose parent is -1, have the first. */
function familyOf(parent: number): number {
  return parent + 1;
}

function placed(nodes: Nodes, { offsets, items }: Groups, spanCount: number) {
  const count = nodes.parent.length;
  const kind = new Uint8Array(count);
  const ref = new Int32Array(count);
  const depth = new Int32Array(count);
  const parent = new Int32Array(count);
  const positionOfSpan = new Int32Array(spanCount).fill(-1);
  const positionOfNode = new Int32Array(count);
  const open: number[] = [];
  const openChildren = (node: number) => {
    const family = familyOf(node);
    for (let at = offsets[family + 1]! - 1; at >= offsets[family]!; at--) open.push(items[at]!);
  };
  openChildren(-1);
  let next = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const above = nodes.parent[node]! < 0 ? -1 : positionOfNode[nodes.parent[node]!]!;
    positionOfNode[node] = next;
    kind[next] = nodes.kind[node]!;
    ref[next] = nodes.ref[node]!;
    parent[next] = above;
    depth[next] = above < 0 ? 0 : depth[above]! + 1;
    if (node < spanCount) positionOfSpan[node] = next;
    next++;
    openChildren(node);
  }
  return { kind, ref, depth, parent, end: endsOf(parent), positionOfSpan };
}

function endsOf(parent: Int32Array): Int32Array {
  const end = new Int32Array(parent.length);
  for (let position = 0; position < end.length; position++) end[position] = position + 1;
  for (let position = parent.length - 1; position >= 0; position--) {
    const above = parent[position]!;
    if (above >= 0 && end[above]! < end[position]!) end[above] = end[position]!;
  }
  return end;
}

/** Whether there is anything to fold below a row. */
export function hasChildren({ end }: DisplayTree, position: number): boolean {
  return end[position]! > position + 1;
}

/** How many log lines and links a span brings along, whether they are rows or not. */
export function extrasOf(model: TraceModel, span: number): { logs: number; links: number } {
  return { logs: sizeOf(model.logsOf, span), links: itemsOf(model.linksOf, span).length };
}
