import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';

/** Something that listens where a collector should, and is none. */
export interface FaultSocket {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens and does with each connection what it is told to. */
export async function listenWith(onConnection: (socket: Socket) => void): Promise<FaultSocket> {
  const sockets = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** What a listener does that is no collector. */
export const socketFaults = {
  /** Takes connections and never reads. */
  'a black hole': () => undefined,
  /** Ends every connection at once. */
  'a door that shuts': (socket: Socket) => void socket.destroy(),
  /** Resets every connection. */
  'a reset': (socket: Socket) => void socket.resetAndDestroy(),
  /** Speaks first, and neither protocol. */
  'an SSH server': (socket: Socket) => void socket.resume().write('SSH-2.0-OpenSSH_9.6\r\n'),
} satisfies Record<string, (socket: Socket) => void>;
