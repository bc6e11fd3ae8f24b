import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import { TracingModule, TracingService } from 'nestjs-tracing';
import { interleave } from '../measure.js';
import { afterAbort } from './after-abort.js';
import { barePool, variants } from './variants.js';

const EFFORT = { rounds: 30, turnMillis: 12, warmUpCalls: 400 };

@Module({ imports: [TracingModule.forRoot({ exporter: 'none', offload: { maxThreads: 1 } })] })
class BenchModule {}

const app = await NestFactory.createApplicationContext(BenchModule, { logger: ['error', 'warn'] });
const tracing = app.get(TracingService);
const pool = barePool();
const request = trace.getTracer('bench').startSpan('request');
const samples = await context.with(trace.setSpan(ROOT_CONTEXT, request), async () => ({
  ...(await interleave(variants(pool, tracing), EFFORT)),
  'after abort': await afterAbort(tracing),
}));
request.end();
await pool.destroy();
await app.close();
process.send?.(samples);
