import { Inject, Injectable } from '@nestjs/common';
import { AutomaticTracing } from '../automatic/automatic-tracing.js';
import type { ResolvedAutoTraceOptions } from '../automatic/auto-trace.schema.js';
import { CqrsTracing } from '../cqrs/cqrs-tracing.js';
import type { ResolvedCqrsOptions } from '../cqrs/cqrs.schema.js';
import type { DetachedRegistry } from '../detached/detached.registry.js';
import { GraphqlTracing } from '../graphql/graphql-tracing.js';
import type { ResolvedGraphqlOptions } from '../graphql/graphql.schema.js';
import { RpcTracing } from '../rpc/rpc-tracing.js';
import type { ResolvedRpcOptions } from '../rpc/rpc.schema.js';
import { WebSocketTracing } from '../websockets/websocket-tracing.js';
import type { ResolvedWebSocketOptions } from '../websockets/websocket.schema.js';

/** Says which ways into the service are traced, beside HTTP, and what within it by itself. */
export interface ProtocolOptions {
  readonly microservices: ResolvedRpcOptions;
  readonly websockets: ResolvedWebSocketOptions;
  readonly graphql: ResolvedGraphqlOptions;
  readonly cqrs: ResolvedCqrsOptions;
  readonly autoTrace: ResolvedAutoTraceOptions;
}

/** Traces all ways into an application beside HTTP. A package that the application has not is not loaded. */
@Injectable()
export class ProtocolTracing {
  readonly #rpc: RpcTracing;
  readonly #websockets: WebSocketTracing;
  readonly #graphql: GraphqlTracing;
  readonly #cqrs: CqrsTracing;
  readonly #automatic: AutomaticTracing;

  constructor(
    @Inject(RpcTracing) rpc: RpcTracing,
    @Inject(WebSocketTracing) websockets: WebSocketTracing,
    @Inject(GraphqlTracing) graphql: GraphqlTracing,
    @Inject(CqrsTracing) cqrs: CqrsTracing,
    @Inject(AutomaticTracing) automatic: AutomaticTracing,
  ) {
    this.#rpc = rpc;
    this.#websockets = websockets;
    this.#graphql = graphql;
    this.#cqrs = cqrs;
    this.#automatic = automatic;
  }

  /**
   * Called while Nest makes its modules, when every class is known and none is in use.
   *
   * @param registry of the work that nobody waits for but the shutdown
   */
  start(
    options: ProtocolOptions,
    registry: DetachedRegistry,
    say: (message: string) => void,
  ): void {
    const others = {
      cqrs: options.cqrs !== undefined,
      fieldResolvers: options.graphql?.resolvers === 'custom',
    };
    // First in and last out: the stand-ins of the others lie over these.
    this.#automatic.start(options.autoTrace, others, say);
    this.#rpc.start(options.microservices, say);
    this.#websockets.start(options.websockets, say);
    this.#graphql.start(options.graphql, say);
    this.#cqrs.start(options.cqrs, registry);
  }

  /** Nest asks every module for its middleware. */
  configure(): Promise<void> | undefined {
    return this.#automatic.configure();
  }

  /** Nest has run the hooks of module start: all that modules make is there. */
  finishStart(): void {
    for (const protocol of this.#all()) protocol.finishStart();
    this.#automatic.finishStart();
  }

  /** The events of the application's gateways, if they are traced. */
  get events(): readonly string[] | undefined {
    return this.#websockets.events;
  }

  /** The application begins to close. */
  beginStop(): void {
    this.#graphql.beginStop();
  }

  /** The application closes: waits for what runs, within a deadline, and takes out what was put in. */
  async stop(deadlineMillis: number): Promise<void> {
    try {
      await Promise.all(this.#all().map((protocol) => protocol.stop(deadlineMillis)));
    } finally {
      this.#automatic.stop();
    }
  }

  #all() {
    return [this.#rpc, this.#websockets, this.#graphql, this.#cqrs];
  }
}
