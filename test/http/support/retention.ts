import 'reflect-metadata';
import { Agent, createServer as createHttpServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BadRequestException,
  Body,
  Controller,
  Inject,
  Module,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TracingModule, TracingService } from 'nestjs-tracing';

/** Everything that outlives its request, kept for ever. */
const kept: unknown[] = [];
/** Requests, responses and bodies of the round that runs. */
let requests: WeakRef<object>[] = [];
/** What the requests of the round that runs keep. */
let keep = '';
const [, , platform = 'express', ...rounds] = process.argv;

interface Wrapper {
  readonly raw?: object;
}

const silent = createServer((socket) => socket.on('error', () => undefined));
await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
const silentPort = (silent.address() as AddressInfo).port;

/** A pool as drivers have them: connections made by whoever needs one first, used by all. */
class Pool {
  readonly sockets: Socket[] = [];

  connect(): void {
    const socket = connect(silentPort, '127.0.0.1');
    socket.on('data', () => undefined);
    this.sockets.push(socket);
  }
}
const pool = new Pool();
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

@Controller()
class KeepingController {
  constructor(@Inject(TracingService) private readonly tracing: TracingService) {}

  @Post('keep')
  async take(@Req() req: Wrapper, @Res({ passthrough: true }) res: Wrapper, @Body() body: object) {
    for (const party of [req, req.raw, res, res.raw, body])
      if (party !== undefined) requests.push(new WeakRef(party));
    await this.keep();
    if (keep === 'failure') throw Object.assign(new BadRequestException('kept'), { req, res });
    return 'kept';
  }

  private async keep(): Promise<void> {
    if (keep === 'timer' || keep === 'failure') kept.push(setTimeout(() => undefined, 2 ** 30));
    if (keep === 'interval') kept.push(setInterval(() => undefined, 2 ** 30));
    if (keep === 'bind') kept.push(this.tracing.bind(() => undefined));
    if (keep === 'promise') kept.push(new Promise(() => undefined).then(() => undefined));
    if (keep === 'span')
      kept.push(this.tracing.span('endless', () => new Promise(() => undefined)));
    if (keep === 'detached')
      kept.push(this.tracing.detach('endless', () => new Promise(() => undefined)));
    if (keep === 'pool') pool.connect();
    if (keep === 'agent') await askWith(agent);
  }
}

function askWith(through: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ port: inner, agent: through }, (response) => {
      response.resume().on('end', resolve);
    }).on('error', reject);
  });
}

@Module({
  imports: [
    TracingModule.forRoot({
      exporter: 'none',
      watchdog: false,
      sdk: { autoDetectResources: false },
    }),
  ],
  controllers: [KeepingController],
})
class TracedApp {}

const innerServer = createHttpServer((_, response) => response.end('ok'));
await new Promise<void>((resolve) => innerServer.listen(0, '127.0.0.1', resolve));
const inner = (innerServer.address() as AddressInfo).port;

const app = await NestFactory.create(
  TracedApp,
  platform === 'express' ? new ExpressAdapter() : new FastifyAdapter(),
  { logger: false },
);
await app.listen(0, '127.0.0.1');
const server = app.getHttpServer() as { address(): AddressInfo; keepAliveTimeout: number };
server.keepAliveTimeout = 2 ** 30;
const { port } = server.address();

/** One request on a connection that then stays open and idle. */
function requestOnce(): Promise<Socket> {
  const body = JSON.stringify({ text: 'x'.repeat(10_000) });
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        `POST /keep HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
    let received = '';
    socket.setEncoding('latin1').on('data', (data) => {
      received += String(data);
      if (received.includes('kept')) resolve(socket);
    });
    socket.on('error', reject).on('close', () => reject(new Error(`closed: ${received}`)));
  });
}

const { gc } = globalThis;
if (gc === undefined) throw new Error('Run this file with --expose-gc.');

const everything = (): number =>
  kept.length + pool.sockets.length + Object.values(agent.freeSockets).flat().length;

/** Sends requests that keep one kind of thing; tells what is left when every response has ended. */
async function runRound(what: string, count: number): Promise<object> {
  [keep, requests] = [what, []];
  const before = everything();
  const idle: Socket[] = [];
  for (let sent = 0; sent < count; sent += 50) {
    const burst = Array.from({ length: Math.min(50, count - sent) }, requestOnce);
    idle.push(...(await Promise.all(burst)));
  }
  const alive = (): number => requests.filter((ref) => ref.deref() !== undefined).length;
  for (let tries = 0; tries < 5 && alive() > 0; tries += 1) {
    await sleep(20);
    gc?.();
  }
  return {
    what,
    seen: requests.length,
    alive: alive(),
    kept: everything() - before,
    idle: idle.filter((socket) => !socket.destroyed).length,
  };
}

const found: object[] = [];
for (const round of rounds) {
  const [what = '', count] = round.split(':');
  found.push(await runRound(what, Number(count)));
}
process.stdout.write(JSON.stringify(found), () => process.exit(0));
