import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import { TracingModule, TracingService } from 'nestjs-tracing';
import type { Samples } from '../measure.js';
import { interleave } from '../measure.js';
import { afterAbort } from './after-abort.js';
import type { TurnMicros } from './processor-time.js';
import { processorTime } from './processor-time.js';
import { barePool, noOps, variants } from './variants.js';

/** What one process has measured. */
export interface OffloadFigures {
  /** Processor time of both threads. */
  readonly micros: TurnMicros;
  /** Time on the clock. */
  readonly samples: Samples;
}

const EFFORT = { rounds: 30, turnMillis: 12, warmUpCalls: 400 };

@Module({
  imports: [
    TracingModule.forRoot({
      exporter: 'none',
      spanBudget: { perTrace: Infinity },
      offload: { maxThreads: 1 },
    }),
  ],
})
class BenchModule {}

const app = await NestFactory.createApplicationContext(BenchModule, { logger: ['error', 'warn'] });
const tracing = app.get(TracingService);
const pool = barePool();
const request = trace.getTracer('bench').startSpan('request');
const figures = await context.with(trace.setSpan(ROOT_CONTEXT, request), async () => ({
  micros: await processorTime(noOps(pool, tracing)),
  samples: {
    ...(await interleave(variants(pool, tracing), EFFORT)),
    'after abort': await afterAbort(tracing),
  },
}));
request.end();
await pool.destroy();
await app.close();
process.send?.(figures satisfies OffloadFigures);
