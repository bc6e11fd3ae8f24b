import { fileURLToPath } from 'node:url';
import type { TracingService } from 'nestjs-tracing';
import { FixedQueue, Piscina } from 'piscina';
import type { Variant } from '../measure.js';
import type { ThreadedVariant } from './processor-time.js';
import { children, micros, nothing, spin } from './work.task.js';

/** How many calls are under way at a time. */
export const AT_ONCE = 32;

/** How many child spans a task makes. */
export const CHILDREN = 10;

/** A pool like the one that offloads, with the same settings. */
export function barePool(): Piscina {
  return new Piscina({
    filename: fileURLToPath(new URL('bare.js', import.meta.url)),
    minThreads: 0,
    maxThreads: 1,
    taskQueue: new FixedQueue(),
    idleTimeout: 30_000,
    recordTiming: false,
  });
}

/** Calls that do nothing, one after the other. */
export function noOps(pool: Piscina, tracing: TracingService): ThreadedVariant[] {
  return [
    {
      name: 'bare',
      call: () => pool.run(undefined),
      threadMicros: () => pool.run('micros') as Promise<number>,
    },
    {
      name: 'offload',
      call: () => tracing.offload(nothing, undefined),
      threadMicros: () => tracing.offload(micros, undefined),
    },
  ];
}

/** Everything that is timed by the clock; a crowd counts as one call. */
export function variants(pool: Piscina, tracing: TracingService): Variant[] {
  const ten = (): Promise<void> => tracing.offload(children, CHILDREN);
  const none = (): Promise<void> => tracing.offload(children, 0);
  return [
    { name: 'bare 1 ms', call: () => pool.run(1) },
    { name: 'offload 1 ms', call: () => tracing.offload(spin, 1) },
    { name: 'no children', call: none },
    { name: 'ten children', call: ten },
    { name: 'no children crowd', call: () => crowd(none) },
    { name: 'ten children crowd', call: () => crowd(ten) },
  ];
}

async function crowd(call: () => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: AT_ONCE }, call));
}
