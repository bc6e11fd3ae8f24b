/**
 * What Nest tells handlers of a message: `NatsContext`, `RmqContext`, `KafkaContext` and the others are it.
 * Written by shape, so that an application without `@nestjs/microservices` compiles.
 *
 * @example
 * ```ts
 * const trust = (context: RpcContext) => context instanceof NatsContext;
 * ```
 */
export interface RpcContext {
  /** All that Nest passes on of the message. */
  getArgs(): unknown;
  /** One of these. */
  getArgByIndex(index: number): unknown;
}

/**
 * Decides whose trace context and baggage are believed, by the context that Nest gives to handlers. For a
 * call of gRPC its arguments are the metadata of the call and the method, `package.Service/Method`.
 *
 * @example
 * ```ts
 * const trust: RpcTrust = (context) => context instanceof NatsContext;
 * ```
 */
export type RpcTrust = 'all' | 'none' | ((context: RpcContext) => boolean);

/**
 * How messages and calls that come in are traced.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ microservices: { incoming: { events: 'child', ignore: ['health'] } } });
 * ```
 */
export interface IncomingRpcOptions {
  /**
   * Whether a caller's trace is continued. One that is not trusted gets a new trace with a link to the
   * caller's; its sampling flag and baggage are ignored. Default: `all`.
   */
  trust?: RpcTrust;
  /**
   * Whether an event starts a trace of its own, linked to the one that emitted it, or belongs to that one.
   * Default: `link`.
   */
  events?: 'link' | 'child';
  /**
   * Registered patterns whose messages get no span, their whole work included; for gRPC
   * `package.Service/Method`. Default: none.
   */
  ignore?: readonly (string | RegExp)[];
  /**
   * Milliseconds after which the span of a handler that has not ended is ended as abandoned. Default:
   * 600000, ten minutes.
   */
  maxDurationMillis?: number;
}

/**
 * How messages and calls that go out are traced.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ microservices: { outgoing: { propagate: (to) => to !== 'partner.*' } } });
 * ```
 */
export interface OutgoingRpcOptions {
  /**
   * Whether the trace context goes along, for all messages or by pattern (for gRPC:
   * `package.Service/Method`). Default: true.
   */
  propagate?: boolean | ((pattern: string) => boolean);
}

/**
 * How microservices are traced, both sides.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ microservices: { outgoing: false } });
 * ```
 */
export interface RpcOptions {
  /** Messages and calls that come in; `false` for none. Default: true. */
  incoming?: boolean | IncomingRpcOptions;
  /** Messages and calls that go out; `false` for none. Default: true. */
  outgoing?: boolean | OutgoingRpcOptions;
}
