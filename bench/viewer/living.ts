import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { heapMegabytes, longTasks, processorMillis, watch } from './in-page.js';
import { recordTasks } from './task-times.js';
import { smallTraces } from './traces.js';
import type { ViewerProcess } from './viewer-process.js';

const SPANS_A_SECOND = 5_000;
const SECONDS = 60;
const BATCHES_A_SECOND = 10;
const LONG_MILLIS = 50;

/** Sends spans for a minute while the list is open. */
export async function measureLiving(viewer: ViewerProcess, page: Page): Promise<string[]> {
  const heap = [await heapMegabytes(page)];
  const memory: number[] = [];
  await watch(page);
  const busy = await processorMillis(page);
  const busyBefore = await busy();
  const tasksOf = await recordTasks(page);
  const before = await viewer.counts();
  const started = performance.now();
  let sent = 0;
  for (let batch = 0; batch < SECONDS * BATCHES_A_SECOND; batch += 1) {
    const wait = started + (batch * 1_000) / BATCHES_A_SECOND - performance.now();
    if (wait > 0) await setTimeout(wait);
    await viewer.send(smallTraces(SPANS_A_SECOND / BATCHES_A_SECOND / 10));
    sent += SPANS_A_SECOND / BATCHES_A_SECOND;
    if (batch % (5 * BATCHES_A_SECOND) === 0) {
      memory.push(viewer.megabytes);
    }
  }
  const seconds = (performance.now() - started) / 1_000;
  const after = await viewer.counts();
  const waited = await longTasks(page);
  const tasks = await tasksOf();
  const isMet = tasks[0]! <= LONG_MILLIS ? 'met' : 'MISSED';
  heap.push(await heapMegabytes(page));
  return [
    `${(sent / seconds).toFixed(0)} spans/s for ${seconds.toFixed(0)} s: ` +
      `${after.received - before.received} of ${sent} received, ${after.dropped - before.dropped} dropped`,
    `tasks of the page above ${LONG_MILLIS} ms of processor time: ` +
      `${tasks.filter((millis) => millis > LONG_MILLIS).length} of ${tasks.length}, the longest ` +
      `${tasks[0]!.toFixed(0)} ms (bar ${LONG_MILLIS} ${isMet}); by the clock, with what other ` +
      `processes took: ${waited.length}, the longest ${Math.max(0, ...waited).toFixed(0)} ms; ` +
      `its thread worked ${(((await busy()) - busyBefore) / 1e3).toFixed(1)} s`,
    `page heap before and after, MB: ${heap.map((each) => each.toFixed(1)).join(' ')}`,
    `server memory every 5 s, MB: ${memory.map((each) => each.toFixed(0)).join(' ')}`,
  ];
}
