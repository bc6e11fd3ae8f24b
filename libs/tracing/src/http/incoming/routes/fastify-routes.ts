import { guard } from '../../../span/guard.js';
import type { KnownRoutes, RouteSearch } from './route-search.interface.js';

/** The part of Fastify's request that is read. */
interface FastifyRequest {
  readonly routeOptions?: { readonly url?: unknown };
  readonly is404?: boolean;
}

interface RouteOptions {
  readonly method: string | readonly string[];
  readonly url: string;
}

/** The part of Fastify that is used. */
interface FastifyInstance {
  readonly supportedMethods?: readonly string[];
  addHook(event: 'onRoute', hook: (route: RouteOptions) => void): unknown;
  hasRoute?(route: { method: string; url: string }): boolean;
  printRoutes(): string;
}

/** What Fastify prints where it has no routes. */
const NO_ROUTES = '(empty tree)';

/** Finds the route of a request of Fastify, which knows it before any hook runs. */
export class FastifyRoutes implements RouteSearch {
  readonly #instance: FastifyInstance | undefined;
  readonly #subjects: { name: string; method: string }[] = [];
  /** Whether Fastify tells of all routes: it may have had some before it was asked to. */
  #isComplete = false;

  /** @param given Nest's adapter, before it makes the routes */
  constructor(given: { getInstance?(): unknown }) {
    this.#instance = given.getInstance?.() as FastifyInstance | undefined;
    guard('listening for routes', () => this.#listen());
  }

  find(frameworkRequest: object): string | undefined {
    const { routeOptions, is404 } = frameworkRequest as FastifyRequest;
    const url = routeOptions?.url;
    return is404 !== true && typeof url === 'string' && url !== '' ? url : undefined;
  }

  foresee(frameworkRequest: object): string | undefined {
    return this.find(frameworkRequest);
  }

  known(): KnownRoutes {
    const mayHave = (pattern: string): boolean => !this.#isComplete && this.#mayHave(pattern);
    return { kind: 'route', subjects: this.#subjects, mayHave };
  }

  #listen(): void {
    const instance = this.#instance;
    if (instance === undefined) return;
    this.#isComplete = instance.printRoutes().trim() === NO_ROUTES;
    instance.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) this.#subjects.push({ name: url, method: each });
    });
  }

  #mayHave(pattern: string): boolean {
    const { supportedMethods = [] } = this.#instance ?? {};
    if (pattern.includes('*') || this.#instance?.hasRoute === undefined) return true;
    return supportedMethods.some((method) => this.#instance?.hasRoute?.({ method, url: pattern }));
  }
}
