import 'reflect-metadata';
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LoggerModule, PinoLogger } from 'nestjs-pino';
import { Traced, TracingModule } from 'nestjs-tracing';
import { withTraceContext } from 'nestjs-tracing/pino';
import { MemoryExporter } from './memory-exporter.js';

interface Line {
  readonly msg: string;
  readonly trace_id: string;
  readonly span_id: string;
}

const exporter = new MemoryExporter();
const lines: Line[] = [];
const stream = new Writable({
  write(chunk: Buffer, _encoding, done) {
    lines.push(JSON.parse(chunk.toString()) as Line);
    done();
  },
});

@Controller()
class LookupController {
  constructor(private readonly logger: PinoLogger) {}

  @Get()
  @Traced('lookup')
  async lookup(): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.logger.info('looking up');
    return 'found';
  }
}

@Module({
  imports: [
    TracingModule.forRoot({ exporter, strict: true }),
    LoggerModule.forRoot(withTraceContext({ pinoHttp: [{ level: 'info' }, stream] })),
  ],
  controllers: [LookupController],
})
class AppModule {}

async function run(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}/`)).text();
  await app.close();

  const { traceId, spanId } = exporter.one('lookup').spanContext();
  const inside = lines.find(({ msg }) => msg === 'looking up');
  assert.deepEqual([inside?.trace_id, inside?.span_id], [traceId, spanId]);
  const completed = lines.find(({ msg }) => msg === 'request completed');
  const server = exporter.one('GET /').spanContext();
  assert.deepEqual([completed?.trace_id, completed?.span_id], [server.traceId, server.spanId]);
}

run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
