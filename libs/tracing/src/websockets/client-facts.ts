import { guard } from '../span/guard.js';
import type { ClientFacts } from './conventions.js';

/** What is read of a client: a Socket of socket.io, a WebSocket of ws, or one that an adapter has made. */
interface AnyClient {
  readonly nsp?: { readonly name?: unknown };
  readonly conn?: { readonly transport?: { readonly name?: unknown } };
  readonly handshake?: Handshake;
  readonly readyState?: unknown;
  readonly send?: unknown;
}

/** What a client has sent with its first request, as socket.io has it. */
interface Handshake {
  readonly headers?: object;
  readonly address?: unknown;
}

/** The request of an upgrade, which ws hands to whoever listens for connections. */
interface UpgradeRequest {
  readonly headers?: object;
  readonly socket?: { readonly remoteAddress?: unknown };
}

/** What is known of the request that a connection began with. */
export interface HandshakeFacts {
  readonly headers: Headers;
  readonly address: string | undefined;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const UNKNOWN: ClientFacts = { transport: 'custom', protocol: undefined, namespace: undefined };
const NO_HANDSHAKE: HandshakeFacts = { headers: {}, address: undefined };

/** Reads what a client is, at the time: socket.io changes its protocol while it is connected. */
export function clientFacts(client: object): ClientFacts {
  return guard('looking at a socket', () => factsOf(client as AnyClient)) ?? UNKNOWN;
}

/** The namespace of a client of socket.io. */
export function namespaceOf(client: object): string | undefined {
  return guard('looking at a socket', () => text((client as AnyClient).nsp?.name));
}

/**
 * Reads the request that a connection began with.
 *
 * @param request what came with the client, if anything did
 */
export function handshakeFacts(client: object, request: unknown): HandshakeFacts {
  const read = (): HandshakeFacts => {
    const { handshake } = client as AnyClient;
    const upgrade = request as UpgradeRequest | undefined;
    const headers = (handshake?.headers ?? upgrade?.headers ?? {}) as Headers;
    return { headers, address: text(handshake?.address) ?? text(upgrade?.socket?.remoteAddress) };
  };
  return guard('reading a handshake', read) ?? NO_HANDSHAKE;
}

function factsOf({ nsp, conn, readyState, send }: AnyClient): ClientFacts {
  if (nsp !== undefined && conn !== undefined) {
    const protocol = conn.transport?.name === 'polling' ? 'http' : 'websocket';
    return { transport: 'socket.io', protocol, namespace: text(nsp.name) };
  }
  const isWebSocket = typeof readyState === 'number' && typeof send === 'function';
  return isWebSocket ? { ...UNKNOWN, transport: 'ws', protocol: 'websocket' } : UNKNOWN;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
