import { once } from 'node:events';
import type { Server } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultAnswer, FaultRequest, Protocol } from './fault-servers.js';
import { createGrpcServer, createHttpServer } from './fault-servers.js';
import { decodeSpans } from './otlp-wire.js';

export type { FaultAnswer, FaultRequest } from './fault-servers.js';

/** How a {@link FaultCollector} is set up. */
export interface FaultCollectorOptions {
  readonly protocol?: Protocol;
  /** Speaks TLS; with `ca` it asks for a certificate of the client. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca?: string };
  /** A port to listen on, or any. */
  readonly port?: number;
}

/** A collector that fails as it is told to: it answers any code, hangs, cuts, goes away and comes back. */
export class FaultCollector {
  /** What it answers to each request. It keeps the spans of those that it accepts. */
  answer: (request: FaultRequest) => FaultAnswer = () => ({});
  readonly requests: FaultRequest[] = [];
  readonly #options: FaultCollectorOptions;
  readonly #spans = new Map<string, { name: string; times: number }>();
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #connections = 0;
  #port: number;

  constructor(options: FaultCollectorOptions = {}) {
    this.#options = options;
    this.#port = options.port ?? 0;
  }

  static async start(options: FaultCollectorOptions = {}): Promise<FaultCollector> {
    const collector = new FaultCollector(options);
    await collector.listen();
    return collector;
  }

  get url(): string {
    const scheme = this.#options.tls === undefined ? 'http' : 'https';
    const path = this.#options.protocol === 'http' ? '/v1/traces' : '';
    return `${scheme}://localhost:${this.#port}${path}`;
  }

  /** Different spans that it has accepted. */
  get received(): number {
    return this.#spans.size;
  }

  /** Spans that came again after they had been accepted. */
  get duplicates(): number {
    return [...this.#spans.values()].reduce((sum, { times }) => sum + times - 1, 0);
  }

  /** Connections that were opened so far. */
  get connections(): number {
    return this.#connections;
  }

  get names(): string[] {
    return [...this.#spans.values()].map(({ name }) => name);
  }

  /** Listens, on the port that it had before if it had one. */
  async listen(): Promise<void> {
    const create = this.#options.protocol === 'http' ? createHttpServer : createGrpcServer;
    const server = create((request) => this.#handle(request), this.#options.tls);
    server.on('connection', (socket: Socket) => this.#keep(socket));
    this.#server = server;
    server.listen(this.#port, 'localhost');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Goes away: refuses connections, and cuts those that it has. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    this.cut();
    await closed;
  }

  /** Cuts every connection, in the middle of whatever is under way. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Resolves once so many spans are there; after the time is up it does so anyway. */
  async waitFor(spans: number, timeoutMillis = 10_000): Promise<void> {
    const end = performance.now() + timeoutMillis;
    while (this.received < spans && performance.now() < end) await sleep(10);
  }

  async #handle(request: FaultRequest): Promise<FaultAnswer> {
    this.requests.push(request);
    const answer = this.answer(request);
    if (answer.delayMillis !== undefined) await sleep(answer.delayMillis);
    if (answer.keeps ?? isAcceptance(answer)) this.#accept(request.body);
    if (answer.cuts === true) this.cut();
    return answer;
  }

  #accept(body: Buffer): void {
    for (const { spanId, name } of decodeSpans(body)) {
      const id = spanId.toString('hex');
      this.#spans.set(id, { name, times: (this.#spans.get(id)?.times ?? 0) + 1 });
    }
  }

  #keep(socket: Socket): void {
    this.#connections += 1;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

function isAcceptance({ code = 0, hangs, cuts }: FaultAnswer): boolean {
  return code === 0 && hangs !== true && cuts !== true;
}
