import type { ExpressLayer } from '../express-layer.js';
import { matchLayer } from '../express-layer.js';

/** A route that is asked itself whether it takes a path, in the order of registration. */
interface AskedRoute {
  readonly index: number;
  readonly layer: ExpressLayer;
  /** Whether it handles a method, such as `GET`. */
  handles(method: string): boolean;
}

/**
 * Routes with templates that have no place in a tree: several parameters in a segment, a wildcard that is
 * not the last, escapes, quoted names. Express compiles a template to match in linear time, and asks the
 * same routes right after: a search costs what the same request costs there, and no more.
 */
export class AskedRoutes {
  readonly #routes: AskedRoute[] = [];

  /** Adds a route that has been registered after all that were added before. */
  add(route: AskedRoute): void {
    this.#routes.push(route);
  }

  /**
   * Finds the template of the first route for a path.
   *
   * @param before the place of a route that is already known to take it. Default: behind all others
   */
  find(method: string, path: string, before = Infinity): string | undefined {
    for (const { index, layer, handles } of this.#routes) {
      if (index >= before) return undefined;
      const template = handles(method) ? takenBy(layer, path) : undefined;
      if (template !== undefined) return template;
    }
    return undefined;
  }
}

/** Returns the template by which a layer takes a path. */
function takenBy(layer: ExpressLayer, path: string): string | undefined {
  const written = layer.route?.path;
  const only = typeof written === 'string' ? written : undefined;
  const match = matchLayer(layer, path);
  return match && (only ?? match.template);
}
