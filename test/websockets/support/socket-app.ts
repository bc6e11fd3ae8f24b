import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import type { INestApplication, ModuleMetadata, WebSocketAdapter } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { WsAdapter } from '@nestjs/platform-ws';
import { io } from 'socket.io-client';
import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import { WebSocket } from 'ws';
import { TracingModule } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { KeptSpans } from '../../http/support/kept-spans.js';
import { CapturedLogger } from '../../support/captured-logger.js';

export const KINDS = ['socket.io', 'ws'] as const;
export type Kind = (typeof KINDS)[number];

export interface SocketAppOptions {
  /** Gateways and what they need. */
  readonly module: ModuleMetadata;
  readonly tracing?: TracingModuleOptions;
  /** An adapter to use instead of Nest's own. */
  readonly adapter?: (app: INestApplication) => WebSocketAdapter;
  readonly prepare?: (app: INestApplication) => void;
  /** Default: Express. */
  readonly platform?: AbstractHttpAdapter;
}

/** What a test says to a gateway, whatever the client. */
export interface Client {
  /** Sends, and waits for the next answer of this event. */
  ask(event: string, data: unknown, answer?: string): Promise<unknown>;
  send(event: string, data?: unknown): void;
  /** Answers of an event so far. */
  received(event: string): unknown[];
  /** Resolves once that many answers of an event are there. */
  until(event: string, count: number): Promise<unknown[]>;
  close(): void;
}

/** An application with gateways, real sockets, and the SDK that its module starts. */
export class SocketApp {
  readonly #clients: Client[] = [];

  private constructor(
    readonly kind: Kind,
    readonly app: INestApplication,
    readonly spans: KeptSpans,
    readonly logger: CapturedLogger,
  ) {}

  static async start(kind: Kind, options: SocketAppOptions): Promise<SocketApp> {
    const spans = new KeptSpans();
    const logger = new CapturedLogger();
    const tracing = { exporter: 'none', http: false, ...options.tracing } as const;
    const sdk = { autoDetectResources: false, spanProcessors: [spans] };
    class App {}
    const imports = [
      TracingModule.forRoot({ sdk, watchdog: false, ...tracing }),
      ...(options.module.imports ?? []),
    ];
    Module({ ...options.module, imports })(App);
    const platform = options.platform ?? new ExpressAdapter();
    const app = await NestFactory.create(App, platform, { logger, abortOnError: false });
    const { adapter } = options;
    if (adapter !== undefined) app.useWebSocketAdapter(adapter(app));
    else if (kind === 'ws') app.useWebSocketAdapter(new WsAdapter(app));
    options.prepare?.(app);
    await app.listen(0, '127.0.0.1');
    return new SocketApp(kind, app, spans, logger);
  }

  get port(): number {
    return (this.app.getHttpServer() as { address(): AddressInfo }).address().port;
  }

  async connect(options: ConnectOptions = {}): Promise<Client> {
    const connect = this.kind === 'ws' ? connectWs : connectIo;
    const client = await connect(options.port ?? this.port, options);
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.app.close();
  }
}

export interface ConnectOptions {
  readonly namespace?: string;
  readonly headers?: Record<string, string>;
  readonly transports?: readonly ('polling' | 'websocket')[];
  readonly port?: number;
}

class Received {
  readonly #byEvent = new Map<string, unknown[]>();
  #came = Promise.withResolvers<void>();

  add(event: string, data: unknown): void {
    const list = this.#byEvent.get(event) ?? [];
    this.#byEvent.set(event, [...list, data]);
    this.#came.resolve();
    this.#came = Promise.withResolvers();
  }

  of(event: string): unknown[] {
    return this.#byEvent.get(event) ?? [];
  }

  async until(event: string, count: number): Promise<unknown[]> {
    while (this.of(event).length < count) await this.#came.promise;
    return this.of(event);
  }
}

/** A client of socket.io that keeps what it is sent. */
export async function connectIo(port: number, options: ConnectOptions): Promise<Client> {
  const { namespace = '', headers, transports = ['websocket'] } = options;
  const settings: Partial<ManagerOptions & SocketOptions> = {
    forceNew: true,
    reconnection: false,
    transports: [...transports],
    ...(headers === undefined ? {} : { extraHeaders: headers }),
  };
  const socket: Socket = io(`http://127.0.0.1:${port}${namespace}`, settings);
  const received = new Received();
  socket.onAny((event: string, data: unknown) => received.add(event, data));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('connect_error', reject);
  });
  return {
    ask: async (event, data, answer) => {
      if (answer === undefined) return socket.timeout(10_000).emitWithAck(event, data);
      const before = received.of(answer).length;
      socket.emit(event, data);
      return (await received.until(answer, before + 1)).at(-1);
    },
    send: (event, data) => void socket.emit(event, data),
    received: (event) => received.of(event),
    until: (event, count) => received.until(event, count),
    close: () => void socket.disconnect(),
  };
}

async function connectWs(port: number, { headers }: ConnectOptions): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { headers: headers ?? {} });
  const received = new Received();
  socket.on('message', (raw: Buffer) => {
    const message = JSON.parse(raw.toString()) as { event?: string; data?: unknown };
    received.add(message.event ?? '', message.event === undefined ? message : message.data);
  });
  await once(socket, 'open');
  const send = (event: string, data?: unknown) => socket.send(JSON.stringify({ event, data }));
  return {
    ask: async (event, data, answer = '') => {
      const before = received.of(answer).length;
      send(event, data);
      return (await received.until(answer, before + 1)).at(-1);
    },
    send,
    received: (event) => received.of(event),
    until: (event, count) => received.until(event, count),
    close: () => socket.terminate(),
  };
}
