import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestMethod } from '@nestjs/common';
import { AbstractHttpAdapter } from '@nestjs/core';
import type { IncomingHttp } from './incoming-http.js';

type RequestHook = (request: object, response: object, done: () => void) => unknown;
type RouteHook = (method: RequestMethod, path: string) => void;

/** What is used of Nest's adapter. Nest before 11.1 has none of the hooks. */
interface HookedAdapter {
  readonly onRequestHook?: RequestHook;
  setOnRequestHook?(hook: RequestHook): void;
  setOnRouteTriggered?(hook: RouteHook): void;
  getOnRouteTriggered?(): RouteHook | undefined;
  getInstance?(): unknown;
  getHttpServer?(): unknown;
}

interface FastifyLike {
  addHook(
    name: 'onRequest',
    hook: (request: RoutedRequest, reply: unknown, done: () => void) => void,
  ): void;
}

interface RoutedRequest {
  readonly is404?: boolean;
  readonly routeOptions?: { readonly url?: string };
}

/**
 * Connects an application's HTTP adapter: its request hook opens spans, its route hook names them.
 * A hook that is there already goes on being called. Nest 11.0 has neither; there the server's own
 * `emit` is shadowed, on that instance alone, and the framework tells the route.
 *
 * Must be called before the routes are made. Answers false if the adapter serves no HTTP.
 */
export function connectAdapter(given: unknown, incoming: IncomingHttp): boolean {
  const adapter = given as HookedAdapter | undefined;
  if (adapter === undefined || adapter === null) return false;
  hookRoutes(adapter, incoming);
  return hasRequestHook(adapter)
    ? hookRequests(adapter, incoming)
    : shadowServer(adapter, incoming);
}

function hasRequestHook(adapter: HookedAdapter): adapter is Required<HookedAdapter> {
  const inert = (AbstractHttpAdapter.prototype as unknown as HookedAdapter).setOnRequestHook;
  return adapter.setOnRequestHook !== undefined && adapter.setOnRequestHook !== inert;
}

function hookRequests(adapter: Required<HookedAdapter>, incoming: IncomingHttp): true {
  const previous: RequestHook | undefined = adapter.onRequestHook;
  adapter.setOnRequestHook(function (this: unknown, request, reply, done) {
    return incoming.handle(request, reply, () =>
      previous === undefined ? done() : Reflect.apply(previous, this, [request, reply, done]),
    );
  });
  return true;
}

function hookRoutes(adapter: HookedAdapter, incoming: IncomingHttp): void {
  const previous = adapter.getOnRouteTriggered?.();
  adapter.setOnRouteTriggered?.((method, path) => {
    incoming.matched(path);
    previous?.(method, path);
  });
}

type Emit = (event: string | symbol, ...args: unknown[]) => boolean;

function shadowServer(adapter: HookedAdapter, incoming: IncomingHttp): boolean {
  const server = adapter.getHttpServer?.() as { emit?: Emit } | undefined;
  const emit = server?.emit;
  if (server === undefined || emit === undefined) return false;
  const traced: Emit = (event, ...args) => {
    const goOn = () => Reflect.apply(emit, server, [event, ...args]);
    if (event !== 'request') return goOn();
    const [request, response] = args as [IncomingMessage, ServerResponse];
    return incoming.handle(request, response, goOn);
  };
  Object.defineProperty(server, 'emit', { value: traced, configurable: true, writable: true });
  askFastifyForRoutes(adapter.getInstance?.(), incoming);
  return true;
}

function askFastifyForRoutes(instance: unknown, incoming: IncomingHttp): void {
  if (typeof (instance as Partial<FastifyLike> | undefined)?.addHook !== 'function') return;
  (instance as FastifyLike).addHook('onRequest', (request, _reply, done) => {
    const route = request.is404 === true ? undefined : request.routeOptions?.url;
    if (route !== undefined) incoming.matched(route);
    done();
  });
}
