import { propagation } from '@opentelemetry/api';
import { isObject } from '../../span/is-object.js';
import { MESSAGE_CARRIER } from '../carriers/read-carrier.js';
import type { RpcContext } from '../rpc-options.interface.js';
import type { RpcPacket } from './rpc-server.js';

/** What Nest calls a handler with, beside the data. */
export type AnyContext = Partial<RpcContext> | undefined;

/** Returns one of the arguments that Nest makes a context of. */
export function argument(ctx: AnyContext, index: number): unknown {
  return ctx?.getArgByIndex?.(index);
}

/** Returns headers if they hold a trace context or baggage, else what Nest's packet has in their place. */
export function eitherCarrier(headers: unknown, packet: RpcPacket | undefined): unknown {
  const metadata = packet?.metadata;
  return isObject(metadata) && !carries(headers) ? metadata : headers;
}

/** Returns the headers of a strategy of the application's own: it may tell them in any way that Nest's do. */
export function customCarrier(ctx: AnyContext, packet: RpcPacket | undefined): unknown {
  const own = ctx as Record<'getHeaders' | 'getMetadata', unknown> | undefined;
  for (const read of [own?.getHeaders, own?.getMetadata]) {
    const carrier: unknown = typeof read === 'function' ? Reflect.apply(read, ctx, []) : undefined;
    if (isObject(carrier)) return carrier;
  }
  return packet?.metadata ?? (packet as { headers?: unknown } | undefined)?.headers;
}

function carries(headers: unknown): boolean {
  if (!isObject(headers)) return false;
  return propagation.fields().some((name) => MESSAGE_CARRIER.get(headers, name) !== undefined);
}
