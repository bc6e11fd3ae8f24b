import type { TracingService } from 'nestjs-tracing';
import pMap from 'p-map';
import type { Variant } from '../measure.js';
import { traceBatchByHand, traceByHand } from './by-hand.js';

/** How many children a batch has, for `spawn`. */
export const SIZES = [10, 100, 1_000] as const;

/** How many children a batch has, for `map`. */
export const MAPPED = 100;

/** How many of them run at a time. */
export const CONCURRENCY = 8;

const done = Promise.resolve();

async function double(item: number): Promise<number> {
  await done;
  return item * 2;
}

/**
 * Batches that spawn every child at once. `awaited` collects the results as the hand-written one
 * does; `spawned` leaves the waiting to the group.
 */
export function spawnVariants(tracing: TracingService, size: number): Variant[] {
  const items = itemsOf(size);
  const calls = {
    bare: () => Promise.all(items.map((item) => double(item))),
    handWritten: () =>
      traceBatchByHand(size, () =>
        Promise.all(items.map((item) => traceByHand('item', undefined, () => double(item)))),
      ),
    awaited: () =>
      tracing.group('batch', (group) =>
        Promise.all(items.map((item) => group.spawn('item', () => double(item)))),
      ),
    spawned: () =>
      tracing.group('batch', (group) => {
        for (const item of items) void group.spawn('item', () => double(item));
      }),
  };
  return named(calls);
}

/** Batches that run few children at a time. */
export function mapVariants(tracing: TracingService): Variant[] {
  const items = itemsOf(MAPPED);
  const concurrency = CONCURRENCY;
  const calls = {
    handWritten: () =>
      traceBatchByHand(MAPPED, () =>
        pMap(
          items,
          (item, index) => traceByHand('double', { 'async.task.index': index }, () => double(item)),
          { concurrency },
        ),
      ),
    map: () => tracing.map('batch', items, { concurrency }, double),
  };
  return named(calls);
}

function named(calls: Readonly<Record<string, () => Promise<unknown>>>): Variant[] {
  return Object.entries(calls).map(([name, call]) => ({ name, call }));
}

function itemsOf(size: number): number[] {
  return Array.from({ length: size }, (_, item) => item);
}
