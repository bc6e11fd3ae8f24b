/** A socket, which may be closed or belong to a pipe. */
interface ConnectedSocket {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/** The other end of a connection: `network.peer.address` and `network.peer.port`. */
export interface Peer {
  readonly address: string;
  readonly port: number | undefined;
}

const MAPPED = /^::ffff:(?=\d+\.)/i;

/** Returns the other end of a socket, or undefined if it has none. */
export function peerOf(socket: ConnectedSocket | null | undefined): Peer | undefined {
  const { remoteAddress, remotePort } = socket ?? {};
  if (remoteAddress === undefined) return undefined;
  return { address: remoteAddress.replace(MAPPED, ''), port: remotePort };
}
