import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';

/** A proxy of HTTP that sends everything to one port of this machine, whatever host it is asked for. */
export class ForwardProxy {
  /** What it was asked for: a URL, or the `host:port` of a tunnel. */
  readonly asked: string[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer();

  static async start(port: number): Promise<ForwardProxy> {
    const proxy = new ForwardProxy();
    proxy.#serve(port);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  #serve(port: number): void {
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
    });
    this.#server.on('request', (incoming, response) => {
      this.asked.push(String(incoming.url));
      const { pathname } = new URL(String(incoming.url));
      const { method, headers } = incoming;
      const outgoing = request({ host: 'localhost', port, path: pathname, method, headers });
      outgoing.on('error', () => response.destroy());
      outgoing.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      incoming.pipe(outgoing);
    });
    this.#server.on('connect', (incoming, client: Socket) => {
      this.asked.push(String(incoming.url));
      const socket = connect({ host: 'localhost', port }, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(client).pipe(socket);
      });
      socket.on('error', () => client.destroy());
      this.#sockets.add(socket);
    });
  }
}
