import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import type { Sampler } from '@opentelemetry/sdk-trace';
import { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace';
import { TracingModule } from 'nestjs-tracing';
import { useStockTracer } from '../stock-tracer.js';

/** What the methods find when they are called. */
export type Mode = 'recording' | 'sampled-out' | 'no-sdk';

/** Runs a measurement in a mode, under a parent span where there is an SDK. */
export async function inMode<T>(mode: Mode, measure: () => Promise<T>): Promise<T> {
  if (mode === 'no-sdk') return measure();
  useStockTracer(mode);
  const app = await startApplication(
    mode === 'recording' ? new AlwaysOnSampler() : new AlwaysOffSampler(),
  );
  const parent = trace.getTracer('bench').startSpan('request');
  if (parent.isRecording() !== (mode === 'recording'))
    throw new Error(`The parent span does not fit the mode ${mode}.`);
  const samples = await context.with(trace.setSpan(ROOT_CONTEXT, parent), measure);
  parent.end();
  await app.close();
  return samples;
}

/** With no exporter the module's processor drops every span: what follows a span's end is not measured. */
async function startApplication(root: Sampler): Promise<{ close(): Promise<void> }> {
  const sampler = new ParentBasedSampler({ root });
  @Module({
    imports: [
      TracingModule.forRoot({ exporter: 'none', sampler, spanBudget: { perTrace: Infinity } }),
    ],
  })
  class BenchModule {}
  return NestFactory.createApplicationContext(BenchModule, { logger: ['error', 'warn'] });
}
