import { guard } from '../../span/guard.js';
import { registeredTracer } from '../../span/registered-provider.js';
import type { SamplingSubject } from '../../tracer/sampling/sampling-subject.interface.js';
import type { LeanTracer } from '../../tracer/lean-tracer.js';
import type { RequestMethod } from '../request-method.js';
import type { RouteSearch } from './routes/route-search.interface.js';

/** By what rules of sampling know a request. Without a route there is none. */
export function requestSubject(
  { method }: RequestMethod,
  route: string | undefined,
): SamplingSubject | undefined {
  return route === undefined ? undefined : { kind: 'route', name: route, method };
}

/**
 * The route that a span starts with: where the framework does not know it yet, only if a rule of sampling has
 * to.
 */
export function earlyRoute(
  routes: RouteSearch | undefined,
  isEarly: boolean,
  frameworkRequest: object,
): string | undefined {
  if (routes === undefined) return undefined;
  if (isEarly) return routes.find(frameworkRequest);
  if (!readsRoutes()) return undefined;
  return guard('finding a route', () => routes.foresee(frameworkRequest));
}

function readsRoutes(): boolean {
  return (registeredTracer() as Partial<LeanTracer> | undefined)?.rules?.readsRoutes === true;
}
