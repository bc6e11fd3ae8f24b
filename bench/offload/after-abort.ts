import { setTimeout as sleep } from 'node:timers/promises';
import type { TracingService } from 'nestjs-tracing';
import { nothing, untilAborted } from './work.task.js';

const ROUNDS = 20;

/** Nanoseconds from the end of an aborted task to the end of the next one on the same worker. */
export async function afterAbort(tracing: TracingService): Promise<number[]> {
  const figures: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const controller = new AbortController();
    const running = tracing.offload(untilAborted, null, { signal: controller.signal });
    await sleep(5);
    controller.abort();
    await running.catch(() => undefined);
    const start = performance.now();
    await tracing.offload(nothing, undefined);
    figures.push((performance.now() - start) * 1e6);
  }
  return figures;
}
