import { getCallSites } from 'node:util';
import type { CallSiteObject } from 'node:util';

const FRAMES = 40;
/** Of this function, of what calls it, of the hook and of the text that is evaluated. */
const OWN_FRAMES = 4;

/** A stack as it was taken: V8 formats it when it is asked for, or Node has made plain objects of it. */
export type Capture = { readonly stack?: unknown } | readonly CallSiteObject[];

/**
 * Takes the stack of here, without the function given and what it calls. Runs in the middle of any code:
 * it formats nothing and runs nobody's code.
 */
export function capture(below: (...args: never[]) => unknown): Capture {
  // Where intrinsics are frozen the limit cannot be raised.
  if (Object.isFrozen(Error)) return getCallSites(FRAMES, { sourceMap: false }).slice(OWN_FRAMES);
  const limit = Error.stackTraceLimit;
  const holder = {};
  try {
    Error.stackTraceLimit = FRAMES;
    Error.captureStackTrace(holder, below);
  } finally {
    Error.stackTraceLimit = limit;
  }
  return holder;
}
