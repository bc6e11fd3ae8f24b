import { fileURLToPath } from 'node:url';
import type { TracingService } from 'nestjs-tracing';
import { FixedQueue, Piscina } from 'piscina';
import type { Variant } from '../measure.js';
import { children, nothing, spin } from './work.task.js';

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

/** Everything that is compared; a crowd counts as one call. */
export function variants(pool: Piscina, tracing: TracingService): Variant[] {
  const ten = (): Promise<void> => tracing.offload(children, CHILDREN);
  const none = (): Promise<void> => tracing.offload(children, 0);
  return [
    { name: 'bare sequential', call: () => pool.run(undefined) },
    { name: 'offload sequential', call: () => tracing.offload(nothing, undefined) },
    { name: 'bare crowd', call: () => crowd(() => pool.run(undefined)) },
    { name: 'offload crowd', call: () => crowd(() => tracing.offload(nothing, undefined)) },
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
