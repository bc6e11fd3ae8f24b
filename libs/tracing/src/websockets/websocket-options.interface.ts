/**
 * How the messages that come to gateways are traced.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ websockets: { ignore: ['cursor'], broadcasts: true } });
 * ```
 */
export interface WebSocketOptions {
  /** Events without a span, their whole work included. Default: none. */
  ignore?: readonly (string | RegExp)[];
  /** Whether connecting, disconnecting and `afterInit` have spans. Default: true. */
  lifecycle?: boolean;
  /** Whether what a server sends to all, or to a room, has a span. Default: false. */
  broadcasts?: boolean;
}
