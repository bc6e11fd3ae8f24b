/** One entry of an Express router: a route, or a function or router that is mounted. */
export interface ExpressLayer {
  readonly route?: ExpressRoute | undefined;
  readonly handle: unknown;
  match(path: string): unknown;
  /** The part of the path that matched last, before `match` returned it (router 2.2 and older). */
  readonly path?: string;
  readonly params?: object;
  /** As it was written (router 2.3 and newer). */
  readonly rawPath?: unknown;
}

/** The part of a route that is read. */
export interface ExpressRoute {
  readonly path?: unknown;
  /** In lower case; `_all` for whatever method. */
  readonly methods?: Readonly<Record<string, boolean | undefined>>;
  readonly stack?: readonly { readonly handle: unknown }[];
}

/** How a layer matches a path. */
interface LayerMatch {
  /** The part of the path that it took. */
  readonly taken: string;
  /** As it was written; undefined if the router does not tell. */
  readonly template: string | undefined;
}

/** Matches a path as the router does, and tells by which of the layer's patterns. */
export function matchLayer(layer: ExpressLayer, path: string): LayerMatch | undefined {
  try {
    return matchOf(layer, path);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    // It has matched, with a parameter that cannot be decoded: Express answers 400, and asks no other layer.
    return { taken: path, template: templateOf(layer.route?.path ?? layer.rawPath) };
  }
}

function matchOf(layer: ExpressLayer, path: string): LayerMatch | undefined {
  const matched = layer.match(path);
  if (typeof matched === 'object' && matched !== null) {
    const { path: taken, pattern } = matched as { path: string; pattern: unknown };
    return { taken, template: templateOf(pattern) };
  }
  if (matched !== true) return undefined;
  const taken = layer.path ?? '';
  const isFixed = Object.keys(layer.params ?? {}).length === 0;
  return { taken, template: isFixed ? taken : undefined };
}

/** Returns the layers of a router, if a layer's handle is one. */
export function layersOf(handle: unknown): readonly ExpressLayer[] | undefined {
  const isRouter = typeof handle === 'function' || (typeof handle === 'object' && handle !== null);
  const stack = isRouter ? (handle as { stack?: unknown }).stack : undefined;
  return Array.isArray(stack) ? (stack as ExpressLayer[]) : undefined;
}

/** Returns a pattern as it was written. A regular expression is written between slashes. */
export function templateOf(pattern: unknown): string | undefined {
  if (pattern instanceof RegExp) return String(pattern);
  return typeof pattern === 'string' ? pattern : undefined;
}
