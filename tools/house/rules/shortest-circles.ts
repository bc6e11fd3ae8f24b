type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Finds a shortest circle through each node that stands in one; each circle once. */
export function shortestCircles(graph: Graph): readonly (readonly string[])[] {
  const circles = new Map<string, readonly string[]>();
  for (const node of graph.keys()) {
    const circle = circleThrough(graph, node);
    if (circle === undefined) continue;
    const turned = fromSmallest(circle);
    circles.set(turned.join('\n'), turned);
  }
  return [...circles.values()];
}

function circleThrough(graph: Graph, start: string): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const waiting = [start];
  for (const node of waiting) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) return wayTo(node, start, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      waiting.push(next);
    }
  }
  return undefined;
}

function wayTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way: string[] = [];
  for (let node = end; node !== start; node = cameFrom.get(node) ?? start) way.unshift(node);
  return [start, ...way];
}

function fromSmallest(circle: readonly string[]): readonly string[] {
  const smallest = circle.indexOf(circle.toSorted()[0] ?? '');
  return [...circle.slice(smallest), ...circle.slice(0, smallest)];
}
