import { context } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { spanIn } from '../tracer/context-with-span.js';
import { recordingSpans } from '../tracer/left-out/recording-spans.js';
import { runtime } from '../span/runtime.js';

/**
 * Returns the active span if it records, for who opens none without one. Asked at calls that are made very
 * often: where no span of the module's own SDK records, in the whole process, no context is looked at.
 */
export function recordingParent(): Span | undefined {
  if (recordingSpans.count === 0 && runtime().knowsRecording) return undefined;
  const span = spanIn(context.active());
  return span?.isRecording() === true ? span : undefined;
}
