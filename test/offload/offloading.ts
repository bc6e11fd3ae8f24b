import { Test } from '@nestjs/testing';
import { ROOT_CONTEXT, context, propagation, trace } from '@opentelemetry/api';
import type {
  OffloadModuleOptions,
  TracingModuleOptions,
  TracingService as Service,
} from 'nestjs-tracing';
import type { RecordSpansOptions, SpanRecorder } from 'nestjs-tracing/testing';
import { TracingModule, TracingService, recordSpans } from './built.js';

/** An application that offloads, its spans in memory. */
export interface Offloading {
  readonly tracing: Service;
  readonly spans: SpanRecorder;
  close(): Promise<void>;
}

/** Starts an application with one worker, unless told otherwise. */
export async function startOffloading(
  offload: OffloadModuleOptions = {},
  module: TracingModuleOptions = {},
  recording: RecordSpansOptions = {},
): Promise<Offloading> {
  const spans = recordSpans(recording);
  const options = { offload: { maxThreads: 1, graceMillis: 100, ...offload }, ...module };
  const app = await Test.createTestingModule({
    imports: [TracingModule.forRoot(options)],
  }).compile();
  app.useLogger(false);
  await app.init();
  const close = async (): Promise<void> => {
    await app.close();
    await spans.stop();
  };
  return { tracing: app.get(TracingService), spans, close };
}

/** Calls a function in a request with a baggage entry. */
export async function inRequest<T>(fn: () => Promise<T>): Promise<T> {
  const baggage = propagation.createBaggage({ tenant: { value: 'blue' } });
  const scope = propagation.setBaggage(ROOT_CONTEXT, baggage);
  return trace.getTracer('test').startActiveSpan('request', {}, scope, async (span) => {
    try {
      return await context.with(context.active(), fn);
    } finally {
      span.end();
    }
  });
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not reject');
}
