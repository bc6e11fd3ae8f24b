import 'reflect-metadata';
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Body, Controller, Get, Module, Param, Post, Sse } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { interval, map } from 'rxjs';
import { Traced, TracingModule } from 'nestjs-tracing';
import { MemoryExporter } from './memory-exporter.js';

@Controller('cats')
class CatsController {
  @Get('events')
  @Sse('events')
  events(): unknown {
    return interval(5).pipe(map((tick) => ({ data: { tick } })));
  }

  @Get('broken')
  broken(): never {
    throw new Error('broken');
  }

  @Get(':name')
  @Traced('find')
  async find(@Param('name') name: string): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return name;
  }

  @Post(':name')
  @Traced('feed')
  async feed(@Body() food: { fish: number }): Promise<number> {
    return food.fish;
  }
}

/** The edges of one application, on real sockets; what Nest brings for it differs by its major. */
async function run(name: string, adapter: AbstractHttpAdapter): Promise<void> {
  const exporter = new MemoryExporter();
  @Module({
    imports: [TracingModule.forRoot({ serviceName: 'smoke', exporter, strict: true })],
    controllers: [CatsController],
  })
  class AppModule {}
  const app = await NestFactory.create(AppModule, adapter, { logger: false });
  app.setGlobalPrefix('api');
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/api/cats`;

  await hangUp(port);
  await (await fetch(`${url}/tom`)).text();
  const headers = { 'content-type': 'application/json' };
  await (await fetch(`${url}/tom`, { method: 'POST', headers, body: '{"fish":2}' })).text();
  await (await fetch(`${url}/broken`)).text();
  await (await fetch(`${url}/no/where`)).text();
  await app.close();

  const servers = exporter.spans.filter(({ kind }) => kind === 1);
  const server = (route: string): ReadableSpan => {
    const found = servers.filter((span) => span.name === route);
    assert.equal(
      found.length,
      1,
      `${name}: ${route} among ${servers.map((span) => span.name).join(', ')}`,
    );
    return found[0]!;
  };
  const isIn = (work: string, span: ReadableSpan): void =>
    assert.equal(exporter.one(work).parentSpanContext?.spanId, span.spanContext().spanId, work);

  isIn('find', server('GET /api/cats/:name'));
  isIn('feed', server('POST /api/cats/:name'));
  assert.equal(server('GET /api/cats/broken').attributes['error.type'], '500');
  assert.equal(server('GET').attributes['http.response.status_code'], 404);
  const events = server('GET /api/cats/events');
  assert.equal(events.attributes['async.http.client_disconnected'], true);
  // It calls itself: each request but the one by socket continues the trace of a CLIENT span.
  const clients = exporter.spans.filter(({ kind }) => kind === 2).map((span) => span.spanContext());
  const parents = servers.filter((span) => span !== events).map((span) => span.parentSpanContext);
  assert.deepEqual(
    new Set(parents.map((parent) => parent?.spanId)),
    new Set(clients.map(({ spanId }) => spanId)),
  );
}

/** Reads the beginning of what never ends, and goes. */
function hangUp(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /api/cats/events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n');
    socket.once('data', () => socket.destroy());
    socket.once('close', () => setTimeout(resolve, 50));
  });
}

async function main(): Promise<void> {
  await run('express', new ExpressAdapter());
  await run('fastify', new FastifyAdapter());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
