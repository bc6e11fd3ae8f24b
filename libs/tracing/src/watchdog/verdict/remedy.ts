import type { Frame } from '../sampling/frame.js';
import type { Cause } from './cause.js';

const CPU =
  'Move it to a worker thread with TracingService.offload(), or split it and let the loop turn in between.';

/** What to write instead, by the calls inside of the culprit. */
const BY_CALL: readonly (readonly [RegExp, string])[] = [
  [/^RegExp\.|^String\.(?:match|replace|search|split)/, expressionRemedy()],
  [/^JSON\.(?:stringify|parse)$/, 'Stream it, send less at once, or TracingService.offload() it.'],
  [/^Atomics\.wait$/, 'Wait with Atomics.waitAsync() instead.'],
  [/(?:exec|execFile|spawn)Sync$/, 'Use the call without Sync in its name.'],
  [
    /Sync$/,
    'Use the asynchronous form of the call, or TracingService.offload() for what has none.',
  ],
];

/** Says what helps against a block of this kind. */
export function remedyFor(cause: Cause, frames: readonly Frame[]): string {
  if (cause === 'gc') return 'Keep less in memory, or make less garbage at once.';
  const inner = frames.slice(0, 1 + frames.findIndex(({ owner }) => owner === 'application'));
  for (const { name } of inner) {
    const known = BY_CALL.find(([call]) => call.test(name));
    if (known !== undefined) return known[1];
  }
  if (cause === 'waiting') return 'Use the asynchronous form of the call that waits.';
  if (cause !== 'native') return CPU;
  return 'Use the asynchronous form of the call on that line, a stream, or TracingService.offload().';
}

function expressionRemedy(): string {
  return 'Make the expression linear, bound the length of its input, or TracingService.offload() it.';
}
