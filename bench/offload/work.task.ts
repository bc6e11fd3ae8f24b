import { trace } from '@opentelemetry/api';
import { defineTask } from 'nestjs-tracing/offload';
import { ownMicros } from './processor-time.js';

const tracer = trace.getTracer('bench');

export const nothing = defineTask(import.meta.url, 'nothing', () => undefined);

/** The processor time that the worker has used. */
export const micros = defineTask(import.meta.url, 'micros', () => ownMicros());

/** Keeps the worker busy for so many milliseconds. */
export const spin = defineTask(import.meta.url, 'spin', (millis: number) => {
  for (const end = performance.now() + millis; performance.now() < end;);
});

export const children = defineTask(import.meta.url, 'children', (count: number) => {
  for (let made = 0; made < count; made += 1) tracer.startSpan('child').end();
});

export const untilAborted = defineTask(import.meta.url, 'untilAborted', (_: null, { signal }) => {
  for (;;) signal.throwIfAborted();
});
