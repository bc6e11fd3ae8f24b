import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import { TracingModule, TracingService } from 'nestjs-tracing';

/** What a group finds when it opens. */
export type Mode = 'recording' | 'no-sdk';

/**
 * Runs a measurement in an application, under a parent span where there is an SDK. With no exporter
 * the module's processor drops every span: what follows a span's end is not measured.
 */
export async function inMode<T>(
  mode: Mode,
  measure: (tracing: TracingService) => Promise<T>,
): Promise<T> {
  if (mode === 'no-sdk') process.env['OTEL_SDK_DISABLED'] = 'true';
  @Module({
    imports: [TracingModule.forRoot({ exporter: 'none', spanBudget: { perTrace: Infinity } })],
  })
  class BenchModule {}
  const app = await NestFactory.createApplicationContext(BenchModule, {
    logger: ['error', 'warn'],
  });
  const parent = trace.getTracer('bench').startSpan('request');
  if (parent.isRecording() !== (mode === 'recording'))
    throw new Error(`The parent span does not fit the mode ${mode}.`);
  const ctx = mode === 'recording' ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
  const result = await context.with(ctx, () => measure(app.get(TracingService)));
  parent.end();
  await app.close();
  return result;
}
