import { readFileSync } from 'node:fs';

const NANOS = 1e6;

/**
 * How long the main thread of this process has been ready to run and had no processor, by the kernel's
 * account, in milliseconds. 0 where there is none, or it may not be read: only Linux keeps one.
 */
export function starvedMillis(): number {
  try {
    const [, waited] = readFileSync(`/proc/${process.pid}/schedstat`, 'latin1').split(' ');
    return Number(waited) / NANOS || 0;
  } catch {
    return 0;
  }
}
