import { threadCpuUsage } from 'node:process';

const LEAST_MICROS = 3000;

/** Returns the processor time that a call takes, in microseconds: the least of some runs. */
export function costOf(work: () => unknown, runs = 3): number {
  return Math.min(...Array.from({ length: runs }, () => measureOnce(work)));
}

/** Repeats short work until there is something to measure. */
function measureOnce(work: () => unknown): number {
  for (let repeats = 1; ; repeats *= 4) {
    const before = threadCpuUsage();
    for (let run = 0; run < repeats; run += 1) work();
    const { user, system } = threadCpuUsage(before);
    if (user + system >= LEAST_MICROS) return (user + system) / repeats;
  }
}
