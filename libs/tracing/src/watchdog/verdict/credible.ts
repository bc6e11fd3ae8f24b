import type { Frame } from '../sampling/frame.js';
import type { Sample } from '../sampling/sample.interface.js';

/** JavaScript answers in less, however busy it is. What takes longer was in native code meanwhile. */
const LATE_MILLIS = 5;

/** Whether native code may have held the answer up: then the stack is of what came after it. */
export function isLate({ askedAt, answeredAt }: Sample): boolean {
  return answeredAt - askedAt > LATE_MILLIS;
}

/**
 * The calls that were already running when native code held up the answer; undefined if none is known.
 *
 * V8 answers at the head of the next function that is called, or with an empty stack before an async one
 * goes on: so whoever is merely the next to run, perhaps of another request, shows as a call that has just
 * been entered, and must not be blamed. What is below of it was there before.
 */
export function credibleFrames(frames: readonly Frame[]): readonly Frame[] | undefined {
  const below = frames[0]?.isEntered === true ? frames.slice(1) : frames;
  return below.some(isBlamable) ? below : undefined;
}

/** The call to name: the innermost of the application, else the innermost of a library. */
export function culpritOf(frames: readonly Frame[]): Frame | undefined {
  return frames.find(({ owner }) => owner === 'application') ?? frames.find(isBlamable);
}

/** Whether a call is somebody's who can be told: not the engine's, Node's or ours. */
export function isBlamable({ owner }: Frame): boolean {
  return owner === 'application' || owner === 'library';
}
