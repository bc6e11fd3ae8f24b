import type { ServiceMap } from '../../../src/wire/overview.interface.js';

export const NODE_WIDTH = 206;
export const NODE_HEIGHT = 54;
/** Room for the figures of a call. */
export const COLUMN_GAP = 110;
const ROW_GAP = 26;

/** Where a node of the map stands; the upper left corner in pixels. */
export interface Placed {
  readonly x: number;
  readonly y: number;
}

export interface MapLayout {
  readonly nodes: readonly Placed[];
  readonly width: number;
  readonly height: number;
}

/**
 * Callers stand left of whom they call. A circle of calls is broken where it is first closed; within
 * a column, nodes stand near the middle of their callers.
 */
export function layoutMap(map: ServiceMap): MapLayout {
  const columns = columnsOf(map);
  const byColumn = Map.groupBy(columns.keys(), (node) => columns[node]!);
  const y = new Float64Array(map.nodes.length);
  const tallest = Math.max(1, ...[...byColumn.values()].map((nodes) => nodes.length));
  const height = tallest * (NODE_HEIGHT + ROW_GAP);
  const count = Math.max(1, ...columns.map((column) => column + 1));
  for (let column = 0; column < count; column++) {
    const nodes = byColumn.get(column) ?? [];
    const wanted = new Map(nodes.map((node) => [node, meanOfCallers(map, columns, y, node)]));
    nodes.sort((one, other) => wanted.get(one)! - wanted.get(other)! || one - other);
    const top = (height - nodes.length * (NODE_HEIGHT + ROW_GAP)) / 2;
    for (const [row, node] of nodes.entries()) y[node] = top + row * (NODE_HEIGHT + ROW_GAP);
  }
  return {
    nodes: columns.map((column, node) => ({ x: column * (NODE_WIDTH + COLUMN_GAP), y: y[node]! })),
    width: count * (NODE_WIDTH + COLUMN_GAP) - COLUMN_GAP,
    height,
  };
}

/** Longest way from a node that nobody calls, without the calls that close a circle. */
function columnsOf(map: ServiceMap): number[] {
  const order = orderOf(map);
  const rank = new Map(order.map((node, at) => [node, at]));
  const columns = map.nodes.map(() => 0);
  const forward = map.edges.filter(({ from, to }) => rank.get(from)! < rank.get(to)!);
  const calls = Map.groupBy(forward, ({ from }) => from);
  for (const node of order) {
    for (const { to } of calls.get(node) ?? []) {
      columns[to] = Math.max(columns[to]!, columns[node]! + 1);
    }
  }
  return columns;
}

/** Callers before whom they call, by a walk that comes back from the deepest first. */
function orderOf({ nodes, edges }: ServiceMap): number[] {
  const calls = Map.groupBy(edges, ({ from }) => from);
  const isCalled = new Set(edges.filter(({ from, to }) => from !== to).map(({ to }) => to));
  const starts = [...nodes.keys()].toSorted(
    (a, b) => Number(isCalled.has(a)) - Number(isCalled.has(b)),
  );
  const seen = new Set<number>();
  const finished: number[] = [];
  for (const start of starts) {
    const open = [{ node: start, next: 0 }];
    if (seen.has(start)) continue;
    seen.add(start);
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const edge = (calls.get(top.node) ?? [])[top.next++];
      if (!edge) finished.push(open.pop()!.node);
      else if (!seen.has(edge.to)) {
        seen.add(edge.to);
        open.push({ node: edge.to, next: 0 });
      }
    }
  }
  return finished.reverse();
}

function meanOfCallers(
  map: ServiceMap,
  columns: readonly number[],
  y: Float64Array,
  node: number,
): number {
  const callers = map.edges.filter(
    ({ from, to }) => to === node && columns[from]! < columns[node]!,
  );
  if (callers.length === 0) return Infinity;
  return callers.reduce((sum, { from }) => sum + y[from]!, 0) / callers.length;
}
