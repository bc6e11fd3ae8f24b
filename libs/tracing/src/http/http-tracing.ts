import { connectAdapter } from './incoming/adapter-hooks.js';
import type { ControllerFacts } from './incoming/adapter-hooks.js';
import { ForeignServerSpans } from './incoming/foreign-server-spans.js';
import { IncomingHttp } from './incoming/incoming-http.js';
import { traceOutgoing } from './outgoing/outgoing-http.js';
import type { KnownRoutes, RouteSearch } from './incoming/routes/route-search.interface.js';
import type { ResolvedHttpOptions } from './http.schema.js';

/** An application's tracing of HTTP, both ways. */
export class HttpTracing {
  readonly #incoming: IncomingHttp | undefined;
  #routes: RouteSearch | undefined;
  readonly #stopOutgoing: (() => void) | undefined;

  /** @param say where it is said that another instrumentation does this work already */
  constructor({ incoming, outgoing }: ResolvedHttpOptions, say: (message: string) => void) {
    this.#incoming = incoming && new IncomingHttp(incoming, new ForeignServerSpans(say));
    this.#stopOutgoing = outgoing && traceOutgoing(outgoing, say);
  }

  /** Traces the requests that an adapter gets. */
  connect(adapter: unknown, controllers: ControllerFacts): void {
    if (this.#incoming === undefined) return;
    this.#routes = connectAdapter(adapter, this.#incoming, controllers);
  }

  /** Lists the routes that there are by now, if they are known. */
  get routes(): KnownRoutes | undefined {
    return this.#routes?.known();
  }

  /** The application begins to close: ends the spans of requests that would never end by themselves. */
  endStreams(): void {
    this.#incoming?.endStreams();
  }

  /** Opens no more CLIENT spans. */
  stop(): void {
    this.#stopOutgoing?.();
  }
}
