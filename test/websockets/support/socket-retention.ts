import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { Observable } from 'rxjs';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { TracingModule, TracingService } from 'nestjs-tracing';

const [, , kind = 'ws', sockets = '10', messages = '10'] = process.argv;

/** Everything that outlives its message, kept for ever. */
const kept: unknown[] = [];
const clients: WeakRef<object>[] = [];
const bodies: WeakRef<object>[] = [];
const answers: WeakRef<object>[] = [];

const weak = (list: WeakRef<object>[], value: object): void => {
  list.push(new WeakRef(value));
};

@WebSocketGateway()
class KeepingGateway {
  constructor(@Inject(TracingService) private readonly tracing: TracingService) {}

  handleConnection(client: object): void {
    if (clients.length < Number(sockets)) weak(clients, client);
    setInterval(() => undefined, 2 ** 30).unref();
  }

  @SubscribeMessage('keep')
  keep(@MessageBody() body: { n: number }, @ConnectedSocket() _client: object): unknown {
    weak(bodies, body);
    kept.push(this.#keepSomething(body.n));
    const answer = { event: 'kept', data: 'x'.repeat(1000) };
    weak(answers, answer);
    if (body.n % 3 === 0) throw Object.assign(new Error('kept'), { body });
    if (body.n % 3 === 1) return answer;
    return new Observable((subscriber) => subscriber.next(answer));
  }

  #keepSomething(n: number): unknown {
    switch (n % 4) {
      case 0:
        return setTimeout(() => undefined, 2 ** 30).unref();
      case 1:
        return this.tracing.bind(() => undefined);
      case 2:
        return new Promise(() => undefined).then(() => undefined);
      default:
        return this.tracing.span('endless', () => new Promise(() => undefined));
    }
  }
}

@Module({
  imports: [
    TracingModule.forRoot({
      exporter: 'none',
      watchdog: false,
      sdk: { autoDetectResources: false },
    }),
  ],
  providers: [KeepingGateway],
})
class App {}

const app = await NestFactory.create(App, { logger: false });
if (kind === 'ws') app.useWebSocketAdapter(new WsAdapter(app));
await app.listen(0, '127.0.0.1');
const { port } = new URL(await app.getUrl());

async function useIo(count = Number(messages)): Promise<void> {
  const socket = io(`http://127.0.0.1:${port}`, { forceNew: true, transports: ['websocket'] });
  await new Promise((resolve) => socket.once('connect', () => resolve(undefined)));
  for (let n = 0; n < count; n += 1) socket.emit('keep', { n });
  await hasCome();
  socket.disconnect();
}

async function useWs(count = Number(messages)): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  await new Promise((resolve) => socket.once('open', () => resolve(undefined)));
  for (let n = 0; n < count; n += 1) {
    socket.send(JSON.stringify({ event: 'keep', data: { n } }));
  }
  await hasCome();
  socket.terminate();
}

const all = Number(sockets) * Number(messages);

async function hasCome(): Promise<void> {
  while (bodies.length < all) await sleep(5);
}

const use = kind === 'ws' ? useWs : useIo;
await Promise.all(Array.from({ length: Number(sockets) }, () => use()));
// Nest itself holds the client that came last, and the one that left last.
await use(0);
const { gc } = globalThis;
if (gc === undefined) throw new Error('Run this file with --expose-gc.');

const alive = (): string[] =>
  Object.entries({ clients, bodies, answers })
    .filter(([, list]) => list.some((one) => one.deref() !== undefined))
    .map(([name, list]) => `${list.filter((one) => one.deref() !== undefined).length} ${name}`);

for (let round = 0; round < 20 && (round < 5 || alive().length > 0); round += 1) {
  await sleep(50);
  gc();
}
process.stdout.write(
  JSON.stringify({
    clients: clients.length,
    messages: bodies.length,
    kept: kept.length,
    alive: alive(),
  }),
  () => process.exit(0),
);
