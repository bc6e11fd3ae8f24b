import type { KnownSubjects } from '../../../tracer/sampling/known-subjects.interface.js';

/** The routes of an application. */
export type KnownRoutes = KnownSubjects & { readonly kind: 'route' };

/** Finds the routes of requests by what their framework knows. */
export interface RouteSearch {
  /** Finds the route that has handled a request which Nest has none for. */
  find(frameworkRequest: object): string | undefined;
  /** Finds the route that is going to handle a request, as far as its path and method tell. */
  foresee(frameworkRequest: object): string | undefined;
  /** Lists the routes that there are by now. */
  known(): KnownRoutes;
}
