import type { Stall } from '../pulse/stall.interface.js';
import { millisOf, ownMillisOf } from '../pulse/stall.interface.js';
import type { Share } from './share.js';

/** What held the event loop up; see docs/watchdog.md. */
export type Cause = 'js' | 'native' | 'gc' | 'waiting';

const MOST_OF_IT = 0.8;
const ALMOST_NOTHING = 0.1;

/** Whether a stall was nearly all garbage collection. */
export function isMostlyGarbage(stall: Stall, gcMillis: number): boolean {
  return gcMillis >= MOST_OF_IT * millisOf(stall);
}

/** Tells the causes of a share apart. */
export function causeOf(share: Share, stall: Stall, gcMillis: number): Cause {
  if (isMostlyGarbage(stall, gcMillis)) return 'gc';
  const inScript = isInScript(share);
  if (share.heldUpBy === undefined && inScript) return 'js';
  if (stall.cpuMillis < ALMOST_NOTHING * ownMillisOf(stall)) return 'waiting';
  if (share.heldUpBy === 'wait' && !inScript) return 'waiting';
  return share.heldUpBy === 'native' ? 'native' : 'js';
}

/** A script that answers promptly runs, however little of the processor a busy machine gives it. */
function isInScript({ frames: [top] }: Share): boolean {
  return top?.owner === 'application' || top?.owner === 'library';
}

/** Whether the line can be believed: a collection runs wherever memory happens to run out. */
export function namesLine(cause: Cause): boolean {
  return cause !== 'gc';
}
