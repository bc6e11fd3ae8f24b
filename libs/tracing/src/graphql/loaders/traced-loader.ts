import { isLoader, traceLoader } from './loader-tracing.js';

/**
 * Gives each batch of a `DataLoader` a span: child of the operation that asked first, linked to the others
 * that it loads for. Loaders in GraphQL's context object, and those that providers hold, are found without
 * it; this is for loaders that are made elsewhere, such as in a request-scoped provider.
 *
 * The span starts when the batch is loaded and ends when its keys are there.
 *
 * @param loader is changed and returned; what is no `DataLoader` is returned as it is
 *
 * @example
 * ```ts
 * @Injectable({ scope: Scope.REQUEST })
 * export class UserLoader {
 *   readonly users = tracedLoader(new DataLoader(findUsers, { name: 'users' }));
 * }
 * ```
 */
export function tracedLoader<Loader extends object>(loader: Loader): Loader {
  if (isLoader(loader)) traceLoader(loader);
  return loader;
}
