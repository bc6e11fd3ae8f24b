import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestMethod } from '@nestjs/common';
import { AbstractHttpAdapter } from '@nestjs/core';
import type { IncomingHttp } from './incoming-http.js';
import { expressRoutesOf } from './routes/express-adapter-routes.js';
import { FastifyRoutes } from './routes/fastify-routes.js';
import type { RouteSearch } from './routes/route-search.interface.js';
import { recordUnrouted } from './routes/unrouted-requests.js';

type RequestHook = (frameworkRequest: object, reply: object, done: () => void) => unknown;
type RouteHook = (method: RequestMethod, path: string) => void;

/** The part of Nest's adapter that is used. One that Nest did not write may lack each of them. */
interface HookedAdapter {
  readonly onRequestHook?: RequestHook;
  setOnRequestHook?(hook: RequestHook): void;
  setOnRouteTriggered?(hook: RouteHook): void;
  getOnRouteTriggered?(): RouteHook | undefined;
  getHttpServer?(): unknown;
  getType?(): string;
  getInstance?(): unknown;
}

/** Tells what matters of the application's controllers. */
export interface ControllerFacts {
  /** Whether a route that matches may yet be refused for its host. */
  readonly bindsHosts: boolean;
}

/**
 * Connects an application's HTTP adapter: its request hook opens spans, its route hook names them.
 * A hook that is there already goes on being called. An adapter that has no request hook of its own
 * has its server's `emit` shadowed, on that instance alone.
 *
 * Must be called before the routes are made.
 *
 * @returns the search for its routes, or undefined for an adapter that Nest did not write
 */
export function connectAdapter(
  given: unknown,
  incoming: IncomingHttp,
  { bindsHosts }: ControllerFacts,
): RouteSearch | undefined {
  const adapter = given as HookedAdapter | undefined;
  if (adapter === undefined || adapter === null) return undefined;
  hookRoutes(adapter, incoming);
  const isFastify = adapter.getType?.() === 'fastify';
  const routes = isFastify ? new FastifyRoutes(adapter) : expressRoutesOf(adapter);
  incoming.searchRoutes(routes, isFastify && !bindsHosts);
  recordUnrouted(adapter, incoming);
  if (hasRequestHook(adapter)) hookRequests(adapter, incoming);
  else shadowServer(adapter.getHttpServer?.(), incoming);
  return routes;
}

function hasRequestHook(adapter: HookedAdapter): adapter is Required<HookedAdapter> {
  const inert = (AbstractHttpAdapter.prototype as unknown as HookedAdapter).setOnRequestHook;
  return adapter.setOnRequestHook !== undefined && adapter.setOnRequestHook !== inert;
}

function hookRequests(adapter: Required<HookedAdapter>, incoming: IncomingHttp): void {
  const previous: RequestHook | undefined = adapter.onRequestHook;
  adapter.setOnRequestHook(function (this: unknown, frameworkRequest, reply, done) {
    if (previous === undefined) return incoming.handle(frameworkRequest, reply, done);
    return incoming.handle(frameworkRequest, reply, () =>
      Reflect.apply(previous, this, [frameworkRequest, reply, done]),
    );
  });
}

function hookRoutes(adapter: HookedAdapter, incoming: IncomingHttp): void {
  const previous = adapter.getOnRouteTriggered?.();
  adapter.setOnRouteTriggered?.((method, path) => {
    incoming.matched(path);
    previous?.(method, path);
  });
}

type Emit = (event: string | symbol, ...args: unknown[]) => boolean;

function shadowServer(given: unknown, incoming: IncomingHttp): void {
  const server = given as { emit?: Emit } | undefined;
  const emit = server?.emit;
  if (server === undefined || emit === undefined) return;
  const traced: Emit = (event, ...args) => {
    const goOn = () => Reflect.apply(emit, server, [event, ...args]);
    if (event !== 'request') return goOn();
    const [request, response] = args as [IncomingMessage, ServerResponse];
    return incoming.handle(request, response, goOn);
  };
  Object.defineProperty(server, 'emit', { value: traced, configurable: true, writable: true });
}
