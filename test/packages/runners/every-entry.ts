// Compiled and never run: each entry has its types, whatever resolves them.
import { Traced, TracingModule } from 'nestjs-tracing';
import { bullmqBackend } from 'nestjs-tracing/bullmq';
import { defineTask } from 'nestjs-tracing/offload';
import { withTraceContext } from 'nestjs-tracing/pino';
import 'nestjs-tracing/register';
import { TracingHealthIndicator } from 'nestjs-tracing/terminus';
import { recordSpans } from 'nestjs-tracing/testing';
import { TracedTypeOrmModule } from 'nestjs-tracing/typeorm';

export const entries = [
  // @ts-expect-error no number: TracingModule is not `any`
  () => TracingModule.forRoot({ serviceName: 1 }),
  // @ts-expect-error no kind of spans: Traced is not `any`
  () => Traced({ kind: 'none' }),
  // @ts-expect-error no number: bullmqBackend is not `any`
  () => bullmqBackend(1),
  // @ts-expect-error no name: defineTask is not `any`
  () => defineTask('file:///double.js', (n: number) => n * 2),
  // @ts-expect-error no such member: withTraceContext is not `any`
  () => withTraceContext.nothing,
  // @ts-expect-error no such method: TracingHealthIndicator is not `any`
  () => TracingHealthIndicator.check(),
  // @ts-expect-error no number: recordSpans is not `any`
  () => recordSpans(1),
  // @ts-expect-error no such member: TracedTypeOrmModule is not `any`
  () => TracedTypeOrmModule.nothing,
];
