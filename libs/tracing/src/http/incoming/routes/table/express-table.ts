import { pathOf } from '../../request-attributes.js';
import type { ExpressLayer, ExpressRoute } from '../express-layer.js';
import { layersOf } from '../express-layer.js';
import { AskedRoutes } from './asked-routes.js';
import { pathsOf } from './path-segments.js';
import { RouteTree } from './route-tree.js';
import type { TableRoute } from './route-tree.js';

/** Express's router, as far as it is read. */
interface Router {
  readonly caseSensitive?: unknown;
  readonly strict?: unknown;
}

/** The table as it was when the router had so many layers. */
interface BuiltTable {
  readonly layers: readonly ExpressLayer[];
  readonly length: number;
  readonly tree: RouteTree;
  readonly asked: AskedRoutes;
}

/**
 * The application's own routes, as Nest has registered them with Express, for whoever has to know the route
 * before Express does. Routes by regular expressions, and those of routers that are mounted, are not in it.
 */
export class ExpressTable {
  readonly #root: () => unknown;
  readonly #isMiddleware: (handle: unknown) => boolean;
  #built: BuiltTable | undefined;

  constructor(root: () => unknown, isMiddleware: (handle: unknown) => boolean) {
    this.#root = root;
    this.#isMiddleware = isMiddleware;
  }

  /** Returns the template of the first route for a method and the target of a request. */
  find(method: string, target: string): string | undefined {
    const root = this.#root();
    const layers = layersOf(root);
    if (layers === undefined) return undefined;
    const path = pathOf(target);
    const { tree, asked } = this.#tableOf(layers, root as Router);
    const found = findInTree(tree, method, path, root as Router);
    return asked.find(method, path, found?.index) ?? found?.template;
  }

  /** Routes may be added at any time. */
  #tableOf(layers: readonly ExpressLayer[], router: Router): BuiltTable {
    const known = this.#built;
    if (known?.layers === layers && known.length === layers.length) return known;
    const table = {
      layers,
      length: layers.length,
      tree: new RouteTree(),
      asked: new AskedRoutes(),
    };
    layers.forEach((layer, index) => {
      if (layer.route === undefined || this.#isOfMiddleware(layer.route)) return;
      addTo(table, layer, layer.route, index, router);
    });
    this.#built = table;
    return table;
  }

  #isOfMiddleware({ stack = [] }: ExpressRoute): boolean {
    return stack.some(({ handle }) => this.#isMiddleware(handle));
  }
}

function findInTree(
  tree: RouteTree,
  method: string,
  path: string,
  { caseSensitive, strict }: Router,
): TableRoute | undefined {
  const cased = caseSensitive === true ? path : path.toLowerCase();
  const asWritten = cased === '/' ? '' : cased;
  const found = tree.find(method, asWritten);
  if (strict === true || !asWritten.endsWith('/')) return found;
  // A slash at the end is as good as none.
  const loose = asWritten.slice(0, -1);
  return tree.find(method, loose === '/' ? '' : loose, found);
}

/** A route goes into the tree with all of its templates, or is asked. */
function addTo(
  { tree, asked }: BuiltTable,
  layer: ExpressLayer,
  route: ExpressRoute,
  index: number,
  router: Router,
): void {
  const templates = [route.path].flat().filter((each) => typeof each === 'string');
  const read = templates.map((template) => ({ template, paths: readPaths(template, router) }));
  const handlesMethod = (method: string): boolean => handles(route, method);
  if (read.some(({ paths }) => paths === undefined)) {
    asked.add({ index, layer, handles: handlesMethod });
    return;
  }
  for (const { template, paths = [] } of read) {
    for (const path of paths) tree.add(path, { index, template, handles: handlesMethod });
  }
}

function readPaths(
  template: string,
  { caseSensitive, strict }: Router,
): ReturnType<typeof pathsOf> {
  const cased = caseSensitive === true ? template : template.toLowerCase();
  return pathsOf(strict === true ? cased : withoutSlashes(cased));
}

function withoutSlashes(template: string): string {
  let end = template.length;
  while (template[end - 1] === '/') end -= 1;
  return template.slice(0, end);
}

/** A request for the head is handled as one for all of it where nothing else is registered. */
function handles({ methods = {} }: ExpressRoute, method: string): boolean {
  const key = method.toLowerCase();
  if (methods['_all'] === true || methods[key] === true) return true;
  return key === 'head' && methods['get'] === true;
}
