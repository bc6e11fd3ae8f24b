import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** The preferred port if nobody listens on it, else a free one, which `say` is told. */
export async function freePort(
  preferred: number,
  what: string,
  say: (line: string) => void,
): Promise<number> {
  if (await probe(preferred)) return preferred;
  const port = (await probe(0)) ?? 0;
  say(`Port ${preferred} is taken: ${what} uses ${port} instead.`);
  return port;
}

async function probe(port: number): Promise<number | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
