import { Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { TracingModule } from 'nestjs-tracing';
import { OffloadHostModule } from 'nestjs-tracing/bullmq';
import { withTraceContext } from 'nestjs-tracing/pino';
import { seal } from '../seal/seal.task.js';

/** A service that computes seals for others, which ask it through the queue in Redis. */
@Module({
  imports: [
    TracingModule.forRoot({ serviceName: 'sealing-demo' }),
    LoggerModule.forRoot(withTraceContext({ pinoHttp: { quietReqLogger: true } })),
    OffloadHostModule.forRoot({
      tasks: [seal],
      connection: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379',
      queue: 'demo',
    }),
  ],
})
export class SealingModule {}
