import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { HotLoop, LoopFigures } from './modes.js';
import { CALLS, OTHERS } from './modes.js';

// One application that gets one request with a hot loop, after some others: bare, or traced where it is
// given the URL of a collector.

const [, , loop, receiver = ''] = process.argv as [string, string, HotLoop, string?];
const nothing = (): MethodDecorator => () => undefined;
const tracing = receiver === '' ? undefined : await import('nestjs-tracing');
const Traced = tracing?.Traced ?? nothing;

class Work {
  @Traced()
  call(value: number): number {
    return value & 1;
  }

  @Traced()
  async awaited(value: number): Promise<number> {
    return value & 1;
  }
}

const work = new Work();

@Controller()
class Loops {
  @Get('other')
  other(): number {
    return work.call(1);
  }

  @Get('sync')
  sync(): number {
    let sum = 0;
    for (let at = 0; at < CALLS; at += 1) sum += work.call(at);
    return sum;
  }

  @Get('async')
  async async(): Promise<number> {
    let sum = 0;
    for (let at = 0; at < CALLS; at += 1) sum += await work.awaited(at);
    return sum;
  }
}

@Module({ imports: imports(), controllers: [Loops] })
class App {}

const app = await NestFactory.create(App, new FastifyAdapter(), { logger: ['error', 'warn'] });
await app.listen(0, '127.0.0.1');
const url = await app.getUrl();
for (let at = 0; at < OTHERS; at += 1) await get('other');
const startedAt = performance.now();
await get(loop);
const millis = performance.now() - startedAt;
const figures: LoopFigures = {
  millis,
  peakMebibytes: process.resourceUsage().maxRSS / 1024,
  ...(await exported(app)),
};
process.send?.(figures, () => process.disconnect());
await app.close();

async function get(path: string): Promise<void> {
  const response = await fetch(`${url}/${path}`);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`/${path} has answered ${text}.`);
}

function imports(): DynamicModule[] {
  if (tracing === undefined) return [];
  const http = { outgoing: false };
  return [tracing.TracingModule.forRoot({ serviceName: 'bench', endpoint: receiver, http })];
}

async function exported(nest: INestApplication) {
  if (tracing === undefined) return { exported: 0, leftOut: 0, lost: 0 };
  const service = nest.get(tracing.TracingService);
  await service.flush();
  const { spans } = service.stats();
  const { budget, ...losses } = spans.dropped;
  const lost = Object.values(losses).reduce((sum, count) => sum + count, spans.rejected);
  return { exported: spans.exported, leftOut: budget, lost };
}
