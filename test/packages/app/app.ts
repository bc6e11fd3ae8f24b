import 'reflect-metadata';
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Injectable, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TraceConsoleLogger, Traced, TracingModule, TracingService } from 'nestjs-tracing';
import { MemoryExporter } from './memory-exporter.js';

const exporter = new MemoryExporter();

@Injectable()
class ShardService {
  @Traced()
  async query(shard: number): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return shard * 2;
  }
}

@Controller()
class LookupController {
  readonly #logger = new Logger(LookupController.name);

  constructor(
    private readonly tracing: TracingService,
    private readonly shards: ShardService,
  ) {}

  @Get()
  lookup(): Promise<number> {
    return this.tracing.span('lookup', async () => {
      this.#logger.log('looking up');
      return this.shards.query(21);
    });
  }
}

@Module({
  imports: [TracingModule.forRoot({ serviceName: 'smoke', exporter, strict: true })],
  controllers: [LookupController],
  providers: [ShardService],
})
class AppModule {}

async function run(): Promise<void> {
  const written = captureStdout();
  const app = await NestFactory.create(AppModule, { logger: new TraceConsoleLogger() });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const answer = await (await fetch(`http://127.0.0.1:${port}/`)).text();
  await app.close();

  const lookup = exporter.one('lookup');
  const query = exporter.one('ShardService.query');
  assert.equal(answer, '42');
  assert.equal(query.parentSpanContext?.spanId, lookup.spanContext().spanId);
  assert.equal(lookup.resource.attributes['service.name'], 'smoke');
  const line = written.find((text) => text.includes('looking up')) ?? '{}';
  const record = JSON.parse(line) as { trace_id?: string; span_id?: string };
  assert.equal(record.trace_id, lookup.spanContext().traceId);
  assert.equal(record.span_id, lookup.spanContext().spanId);
}

function captureStdout(): string[] {
  const written: string[] = [];
  process.stdout.write = (text: string | Uint8Array): boolean => written.push(String(text)) > 0;
  return written;
}

run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
