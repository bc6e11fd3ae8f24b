import 'reflect-metadata';
import type { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientProxyFactory,
  Ctx,
  MessagePattern,
  Payload,
  RpcException,
  Transport,
} from '@nestjs/microservices';
import { catchError, firstValueFrom, of } from 'rxjs';
import { TracingModule, TracingService } from 'nestjs-tracing';
import { OnEvent } from './on-event.js';

/** Everything that outlives its message, kept for ever. */
const kept: unknown[] = [];
/** What the messages of the round that runs are made of. */
let parties: WeakRef<object>[] = [];
/** What they keep. */
let keep = '';

@Controller()
class KeepingController {
  constructor(@Inject(TracingService) private readonly tracing: TracingService) {}

  @MessagePattern('ask')
  ask(@Payload() data: object, @Ctx() ctx: object): object {
    this.keep(data, ctx);
    const reply = { kept: true };
    parties.push(new WeakRef(reply));
    if (keep === 'failure') throw Object.assign(new RpcException('kept'), { data, ctx });
    return reply;
  }

  @OnEvent('tell')
  tell(@Payload() data: object, @Ctx() ctx: object): void {
    this.keep(data, ctx);
  }

  private keep(data: object, ctx: object): void {
    parties.push(new WeakRef(data), new WeakRef(ctx));
    if (keep === 'timer' || keep === 'failure') kept.push(setTimeout(() => undefined, 2 ** 30));
    if (keep === 'interval') kept.push(setInterval(() => undefined, 2 ** 30));
    if (keep === 'bind') kept.push(this.tracing.bind(() => undefined));
    if (keep === 'promise') kept.push(new Promise(() => undefined).then(() => undefined));
    if (keep === 'span')
      kept.push(this.tracing.span('endless', () => new Promise(() => undefined)));
    if (keep === 'detached') {
      kept.push(this.tracing.detach('endless', () => new Promise(() => undefined)));
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
  controllers: [KeepingController],
})
class TracedApp {}

const app = await NestFactory.createMicroservice(TracedApp, {
  transport: Transport.TCP,
  options: { host: '127.0.0.1', port: 0 },
  logger: false,
});
await app.listen();
const { port } = app.unwrap<Server>().address() as { port: number };
const client = ClientProxyFactory.create({
  transport: Transport.TCP,
  options: { host: '127.0.0.1', port },
});
await client.connect();

const { gc } = globalThis;
if (gc === undefined) throw new Error('Run this file with --expose-gc.');

/** Sends messages that keep one kind of thing; tells what is left when every reply has come. */
async function runRound(what: string, count: number): Promise<object> {
  [keep, parties] = [what, []];
  const before = kept.length;
  for (let sent = 0; sent < count; sent += 1) {
    const data = { text: 'x'.repeat(1000) };
    client.emit('tell', data).subscribe();
    await firstValueFrom(client.send('ask', data).pipe(catchError(() => of(undefined))));
  }
  // The last message of a connection is Node's until the next one comes.
  keep = '';
  const seen = parties.length;
  await firstValueFrom(client.send('ask', {}).pipe(catchError(() => of(undefined))));
  const alive = (): number =>
    parties.slice(0, seen).filter((ref) => ref.deref() !== undefined).length;
  for (let tries = 0; tries < 5 && alive() > 0; tries += 1) {
    await sleep(20);
    gc?.();
  }
  return { what, seen, alive: alive(), kept: kept.length - before };
}

const found: object[] = [];
for (const what of process.argv.slice(2)) found.push(await runRound(what, 20));
process.stdout.write(JSON.stringify(found), () => process.exit(0));
