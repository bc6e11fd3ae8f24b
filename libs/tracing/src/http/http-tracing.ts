import { connectAdapter } from './incoming/adapter-hooks.js';
import { ForeignServerSpans } from './incoming/foreign-server-spans.js';
import { IncomingHttp } from './incoming/incoming-http.js';
import { traceOutgoing } from './outgoing/outgoing-http.js';
import type { ResolvedHttpOptions } from './resolve-http-options.js';

/** An application's tracing of HTTP, both ways. */
export class HttpTracing {
  readonly #incoming: IncomingHttp | undefined;
  readonly #stopOutgoing: (() => void) | undefined;

  /** @param say where it is said that another instrumentation does this work already */
  constructor({ incoming, outgoing }: ResolvedHttpOptions, say: (message: string) => void) {
    this.#incoming = incoming && new IncomingHttp(incoming, new ForeignServerSpans(say));
    this.#stopOutgoing = outgoing && traceOutgoing(outgoing, say);
  }

  /** Traces the requests that an adapter gets. */
  connect(adapter: unknown): void {
    if (this.#incoming !== undefined) connectAdapter(adapter, this.#incoming);
  }

  /** Opens no more CLIENT spans. */
  stop(): void {
    this.#stopOutgoing?.();
  }
}
