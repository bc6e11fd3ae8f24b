import { trace } from '@opentelemetry/api';
import type { FrameMemo } from '../sampling/frame.js';
import { framesOf, showFrame } from '../sampling/frame.js';
import type { Sample } from '../sampling/sample.interface.js';
import { credibleFrames, culpritOf, isLate } from './credible.js';
import { spanText } from './span-text.js';

/**
 * Where a thread is that may never return to say it. Empty if that is not sure, or no
 * code runs: a debugger holds it.
 */
export function describePlace(sample: Sample, memo: FrameMemo): string {
  const { context, stack } = sample;
  const all = framesOf(stack, memo);
  const frames = isLate(sample) ? (credibleFrames(all) ?? []) : all;
  if (frames.length === 0) return '';
  const culprit = culpritOf(frames);
  const by = culprit === undefined ? '' : ` by ${showFrame(culprit)}`;
  return `${by}${spanText(trace.getSpan(context))}`;
}
