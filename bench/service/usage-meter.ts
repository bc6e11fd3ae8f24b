import { GCProfiler, getHeapStatistics } from 'node:v8';
import type { GCProfilerResult } from 'node:v8';
import type { ServiceUsage } from './modes.js';

type Collection = GCProfilerResult['statistics'][number];

/** Where objects are before they have survived two scavenges. */
const YOUNG = new Set<string>(['new_space', 'new_large_object_space']);

/**
 * Measures what this process uses between two moments: processor time by the kernel's figures, the heap by
 * what it held before and after every collection of the main thread. Must be used on the main thread.
 */
export class UsageMeter {
  #profiler = new GCProfiler();
  #heapBytes = 0;
  #main = 0;
  #all = 0;

  begin(): undefined {
    this.#profiler = new GCProfiler();
    this.#profiler.start();
    this.#heapBytes = heapBytes();
    this.#main = micros(process.threadCpuUsage());
    this.#all = micros(process.cpuUsage());
  }

  end(): ServiceUsage {
    const mainMicros = micros(process.threadCpuUsage()) - this.#main;
    const allMicros = micros(process.cpuUsage()) - this.#all;
    const after = heapBytes();
    const collections = this.#profiler.stop()?.statistics ?? [];
    return {
      mainMicros,
      otherMicros: allMicros - mainMicros,
      allocatedBytes: after - this.#heapBytes + sum(collections, freedBy),
      gcMicros: sum(collections, ({ cost }) => cost),
      ...promotions(collections),
      rssBytes: process.memoryUsage.rss(),
    };
  }
}

/** What was allocated is what is there now, and was not before, with all that has been freed since. */
function freedBy({ beforeGC, afterGC }: Collection): number {
  return beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize;
}

function promotions(
  collections: readonly Collection[],
): Pick<ServiceUsage, 'scavenges' | 'promotedBytes'> {
  const scavenges = collections.filter(({ gcType }) => gcType === 'Scavenge');
  const promotedBy = ({ beforeGC, afterGC }: Collection) => oldBytes(afterGC) - oldBytes(beforeGC);
  return { scavenges: scavenges.length, promotedBytes: sum(scavenges, promotedBy) };
}

function oldBytes({ heapSpaceStatistics }: Collection['afterGC']): number {
  const old = heapSpaceStatistics.filter(({ spaceName }) => !YOUNG.has(spaceName));
  return sum(old, ({ spaceUsedSize }) => spaceUsedSize);
}

function sum<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}

function heapBytes(): number {
  return getHeapStatistics().used_heap_size;
}

function micros({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}
