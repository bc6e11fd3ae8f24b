import { ExpressRoutes } from './express-routes.js';

type MountMiddleware = (path: string, callback: object) => unknown;
type SetHandler = (handler: object, ...where: unknown[]) => unknown;

/** The part of Nest's adapter of Express that is used. */
interface ExpressAdapter {
  getType?(): string;
  getInstance?(): { readonly _router?: unknown; readonly router?: unknown };
  createMiddlewareFactory?(method: unknown): MountMiddleware;
  setNotFoundHandler?: SetHandler;
  setErrorHandler?: SetHandler;
}

/**
 * Makes the search for routes of an adapter's Express, or undefined for another adapter. What Nest
 * mounts that is no route, its middleware and its answers to errors and unknown paths, is noted from now
 * on, by stand-ins on this adapter alone.
 */
export function expressRoutesOf(given: object): ExpressRoutes | undefined {
  const adapter = given as ExpressAdapter;
  if (adapter.getType?.() !== 'express') return undefined;
  const middleware = new WeakSet<object>();
  noteMiddleware(adapter, middleware);
  noteHandler(adapter, 'setNotFoundHandler', middleware);
  noteHandler(adapter, 'setErrorHandler', middleware);
  const root = () => {
    const instance = adapter.getInstance?.();
    return instance?._router ?? instance?.router;
  };
  return new ExpressRoutes(root, (handle) => middleware.has(handle as object));
}

function noteMiddleware(adapter: ExpressAdapter, noted: WeakSet<object>): void {
  const original = adapter.createMiddlewareFactory;
  if (original === undefined) return;
  putOver(adapter, 'createMiddlewareFactory', function (this: unknown, method: unknown) {
    const mount = Reflect.apply(original, this, [method]) as MountMiddleware;
    return (path: string, callback: object) => {
      noted.add(callback);
      return mount(path, callback);
    };
  });
}

function noteHandler(
  adapter: ExpressAdapter,
  key: 'setNotFoundHandler' | 'setErrorHandler',
  noted: WeakSet<object>,
): void {
  const original = adapter[key];
  if (original === undefined) return;
  putOver(adapter, key, function (this: unknown, handler: object, ...where: unknown[]) {
    noted.add(handler);
    return Reflect.apply(original, this, [handler, ...where]);
  });
}

function putOver(adapter: ExpressAdapter, key: keyof ExpressAdapter, value: unknown): void {
  Object.defineProperty(adapter, key, { value, configurable: true, writable: true });
}
