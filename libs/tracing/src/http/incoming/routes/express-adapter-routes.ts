import { ExpressRoutes } from './express-routes.js';

type MountMiddleware = (path: string, callback: object) => unknown;

/** The part of Nest's adapter of Express that is used. */
interface ExpressAdapter {
  getType?(): string;
  getInstance?(): { readonly _router?: unknown; readonly router?: unknown };
  createMiddlewareFactory?(method: unknown): MountMiddleware;
}

/**
 * Makes the search for routes of an adapter's Express, or undefined for another adapter. What Nest
 * mounts as middleware from now on is noted, by a stand-in on this adapter alone.
 */
export function expressRoutesOf(given: object): ExpressRoutes | undefined {
  const adapter = given as ExpressAdapter;
  if (adapter.getType?.() !== 'express') return undefined;
  const middleware = noteMiddleware(adapter);
  const root = () => {
    const instance = adapter.getInstance?.();
    return instance?._router ?? instance?.router;
  };
  return new ExpressRoutes(root, (handle) => middleware.has(handle as object));
}

function noteMiddleware(adapter: ExpressAdapter): WeakSet<object> {
  const noted = new WeakSet<object>();
  const original = adapter.createMiddlewareFactory;
  if (original === undefined) return noted;
  const noting = function (this: unknown, method: unknown): MountMiddleware {
    const mount = Reflect.apply(original, this, [method]) as MountMiddleware;
    return (path, callback) => {
      noted.add(callback);
      return mount(path, callback);
    };
  };
  Object.defineProperty(adapter, 'createMiddlewareFactory', {
    value: noting,
    configurable: true,
    writable: true,
  });
  return noted;
}
