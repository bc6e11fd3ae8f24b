import 'reflect-metadata';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import * as Sockets from '@nestjs/websockets';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { answerWishes, tracingOf } from '../messages/measured-application.js';
import type { Mode } from '../messages/modes.js';

// A gateway and its client, in a process of their own: whenever it is asked the client sends messages and
// waits for their answers, and the process tells what its main thread has used.

const { MessageBody, SubscribeMessage, WebSocketGateway } = Sockets;
const [, , over, mode, receiver] = process.argv as [string, string, string, Mode, string];

interface Sum {
  readonly id: number;
  readonly numbers: readonly number[];
}

@WebSocketGateway()
class Sums {
  @SubscribeMessage('sum')
  add(@MessageBody() { id, numbers }: Sum) {
    const sum = numbers.reduce((whole, number) => whole + number, 0);
    return { event: 'sum', data: { id, sum } };
  }
}

@Module({ imports: await tracingOf(mode, receiver), providers: [Sums] })
class App {}

const app = await NestFactory.create(App, { logger: ['error', 'warn'] });
if (over === 'ws') app.useWebSocketAdapter(new WsAdapter(app));
await app.listen(0, '127.0.0.1');
const { port } = app.getHttpServer().address() as AddressInfo;
const waiting = new Map<number, () => void>();
const client = over === 'ws' ? await overWs() : await overSocketIo();
answerWishes({
  ask: (id) =>
    new Promise<void>((resolve) => {
      waiting.set(id, resolve);
      client.send({ id, numbers: [id, 1] });
    }),
  close: () => {
    client.close();
    return app.close();
  },
});

function answered({ id, sum }: { readonly id: number; readonly sum: number }): void {
  if (sum !== id + 1) throw new Error(`A wrong sum: ${sum}.`);
  waiting.get(id)?.();
  waiting.delete(id);
}

async function overSocketIo() {
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'] });
  socket.on('sum', answered);
  await new Promise<void>((resolve) => void socket.once('connect', resolve));
  return { send: (data: Sum) => void socket.emit('sum', data), close: () => void socket.close() };
}

async function overWs() {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  socket.on('message', (text: Buffer) => {
    const { data } = JSON.parse(text.toString()) as { data: Parameters<typeof answered>[0] };
    answered(data);
  });
  await once(socket, 'open');
  const send = (data: Sum): void => socket.send(JSON.stringify({ event: 'sum', data }));
  return { send, close: () => socket.close() };
}
