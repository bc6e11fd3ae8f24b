import type { Server } from 'node:http';
import { MemorySocket } from './memory-socket.js';
import type { TurnsOfIo } from './turns-of-io.js';

const CONNECTIONS = 32;
const ORDERS = 100;

/** As many requests as a keep-alive agent of Node's would write them. */
const REQUESTS = Array.from({ length: ORDERS }, (_, at) =>
  Buffer.from(
    `GET /orders/${at + 1} HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nConnection: keep-alive\r\n\r\n`,
  ),
);

/** Sends requests to a server of this process, on connections that are kept, one after another on each. */
export class MemoryClient {
  readonly #io: TurnsOfIo;
  readonly #sockets: MemorySocket[];
  #left = 0;
  #open = 0;
  #done: () => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;

  constructor(server: Server, io: TurnsOfIo) {
    this.#io = io;
    this.#sockets = Array.from({ length: CONNECTIONS }, () => this.#connect(server));
  }

  /** @throws Error if a request is not answered with 200 */
  send(requests: number): Promise<void> {
    this.#left = requests;
    return new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#failed = reject;
      for (const socket of this.#sockets) this.#next(socket);
    });
  }

  #connect(server: Server): MemorySocket {
    let answer = '';
    const socket = new MemorySocket((bytes) => {
      answer += bytes.toString('latin1');
      if (!isWhole(answer)) return;
      if (!answer.startsWith('HTTP/1.1 200 ')) this.#failed(new Error(answer));
      answer = '';
      this.#open -= 1;
      this.#next(socket);
    });
    server.emit('connection', socket);
    return socket;
  }

  #next(socket: MemorySocket): void {
    if (this.#left > 0) {
      this.#left -= 1;
      this.#open += 1;
      const request = REQUESTS[this.#left % ORDERS];
      this.#io.add(() => socket.push(request));
    } else if (this.#open === 0) this.#io.add(this.#done);
  }
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(answer)?.[1];
  return end > 0 && answer.length >= end + 4 + Number(length);
}
