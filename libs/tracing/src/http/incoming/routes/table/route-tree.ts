import type { Segment } from './path-segments.js';

/** A route in the order of registration: the first one that matches handles a request. */
export interface TableRoute {
  readonly index: number;
  readonly template: string;
  /** Whether it handles a method, such as `GET`. */
  handles(method: string): boolean;
}

interface ParameterBranch {
  readonly before: string;
  readonly after: string;
  readonly node: RouteNode;
}

/** What may follow one beginning of a path. */
class RouteNode {
  readonly fixed = new Map<string, RouteNode>();
  readonly parameters: ParameterBranch[] = [];
  /** Routes that end here. */
  readonly ends: TableRoute[] = [];
  /** Routes that take all that is left. */
  readonly rests: TableRoute[] = [];
}

/**
 * Routes by the segments of their paths. A search looks at a node once at most, and at no more segments than
 * the longest route has: it takes time in proportion to the path, and never more than there are routes.
 */
export class RouteTree {
  readonly #root = new RouteNode();

  add(path: readonly Segment[], route: TableRoute): void {
    let node = this.#root;
    for (const segment of path) {
      if (segment.kind === 'rest') {
        node.rests.push(route);
        return;
      }
      node = next(node, segment);
    }
    node.ends.push(route);
  }

  /**
   * Finds the first route for a path.
   *
   * @param path in the case of the routes; empty for the root
   * @param best a route that was found for the path in another form
   */
  find(method: string, path: string, best?: TableRoute): TableRoute | undefined {
    return search(this.#root, method, path, 0, best);
  }
}

function next(node: RouteNode, segment: Exclude<Segment, { kind: 'rest' }>): RouteNode {
  if (segment.kind === 'fixed') {
    const known = node.fixed.get(segment.text) ?? new RouteNode();
    node.fixed.set(segment.text, known);
    return known;
  }
  const { before, after } = segment;
  const known = node.parameters.find((each) => each.before === before && each.after === after);
  if (known !== undefined) return known.node;
  const branch = { before, after, node: new RouteNode() };
  node.parameters.push(branch);
  return branch.node;
}

/** @param from where the slash before the next segment stands */
function search(
  node: RouteNode,
  method: string,
  path: string,
  from: number,
  best: TableRoute | undefined,
): TableRoute | undefined {
  if (from >= path.length) return first(node.ends, method, best);
  let found = path.length > from + 1 ? first(node.rests, method, best) : best;
  const slash = path.indexOf('/', from + 1);
  const end = slash < 0 ? path.length : slash;
  const segment = path.slice(from + 1, end);
  const fixed = node.fixed.get(segment);
  if (fixed !== undefined) found = search(fixed, method, path, end, found);
  for (const branch of node.parameters) {
    if (takes(branch, segment)) found = search(branch.node, method, path, end, found);
  }
  return found;
}

function takes({ before, after }: ParameterBranch, segment: string): boolean {
  const isLong = segment.length > before.length + after.length;
  return isLong && segment.startsWith(before) && segment.endsWith(after);
}

function first(
  routes: readonly TableRoute[],
  method: string,
  best: TableRoute | undefined,
): TableRoute | undefined {
  const found = routes.find((route) => route.handles(method));
  if (found === undefined) return best;
  return best === undefined || found.index < best.index ? found : best;
}
