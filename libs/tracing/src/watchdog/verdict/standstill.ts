import { isInspected } from '../pulse/inspected.js';
import type { Stall } from '../pulse/stall.interface.js';
import { millisOf } from '../pulse/stall.interface.js';
import type { FrameMemo } from '../sampling/frame.js';
import { framesOf } from '../sampling/frame.js';
import type { Sample } from '../sampling/sample.interface.js';
import { isBlamable } from './credible.js';

/** So little of a stall's time on the processor says that the thread stood still. */
const STANDSTILL = 0.1;
/** While one is debugged: that a debugger is switched on is work, too. */
const STANDSTILL_DEBUGGED = 0.2;

/**
 * Whether a debugger held the thread, and no code did. A debugger may hold it anywhere: where one can
 * come by the port, standing still is enough; else nothing that could be blamed must be on the stack,
 * for a call that waits (`Atomics.wait()`) stands still as well.
 */
export function isStandstill(samples: readonly Sample[], stall: Stall, memo: FrameMemo): boolean {
  if (samples.length === 0) return false;
  const used = stall.cpuMillis / millisOf(stall);
  if (used < STANDSTILL_DEBUGGED && isInspected()) return true;
  return used < STANDSTILL && !samples.some(({ stack }) => framesOf(stack, memo).some(isBlamable));
}
