import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A proxy as companies run them: requests by their absolute URL, and tunnels. */
export class Proxy {
  /** The request lines that it got: `GET http://…`, `CONNECT …`. */
  readonly lines: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server = createServer((incoming, response) => this.#forward(incoming, response));
    this.#server.on('connection', (socket) => this.#keep(socket));
    this.#server.on('connect', (incoming, socket) => this.#tunnel(incoming, socket as Socket));
  }

  static async start(): Promise<Proxy> {
    const proxy = new Proxy();
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
  }

  /** By a socket of its own, which no channel of a client tells of. */
  #forward(incoming: IncomingMessage, response: ServerResponse): void {
    this.lines.push(`${incoming.method} ${incoming.url}`);
    const url = new URL(incoming.url ?? '');
    const { 'proxy-connection': _dropped, ...headers } = incoming.headers;
    const onward = connect(Number(url.port), '127.0.0.1', () => {
      const lines = Object.entries({ ...headers, connection: 'close' });
      const head = lines.map(([name, value]) => `${name}: ${String(value)}\r\n`).join('');
      onward.write(`${incoming.method} ${url.pathname}${url.search} HTTP/1.1\r\n${head}\r\n`);
    });
    this.#keep(onward);
    response.socket?.once('close', () => onward.destroy());
    onward.pipe(response.socket!);
  }

  #tunnel(incoming: IncomingMessage, socket: Socket): void {
    this.lines.push(`CONNECT ${incoming.url}`);
    const onward = connect(Number(incoming.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    this.#keep(onward);
  }
}
