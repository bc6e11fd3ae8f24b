import { diag } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import type { ErrorPolicy } from './error-policy.js';
import { processSlot } from '../process-slot.js';
import { AttributeWarnings } from './attributes/attribute-warnings.js';
import { classifyReplies } from './error-policy.js';
import type { RepeatLimits } from './budget/repeat-limits.js';
import { DEFAULT_REPEAT_LIMITS } from './budget/repeat-limits.js';

/** Tells decorators and integrations what they must know of the module, wherever they run. */
export interface TracingRuntime {
  /** Which errors are failures and which are expected outcomes. */
  readonly errors: ErrorPolicy;
  /** The status of the span of work that was called off. */
  readonly cancelled: 'error' | 'unset';
  /** Whether the sampler always follows an unsampled local parent, so that no span need be asked for. */
  readonly followsLocalParent: boolean;
  /** Whether the spans that record are ours, so that it is known when there are none. */
  readonly knowsRecording: boolean;
  /** Limits for attribute values that come from the application's callbacks. */
  readonly attributeLimits: AttributeLimits;
  /** Told of attributes that are dropped. */
  readonly attributeWarnings: AttributeWarnings;
  /** How many calls of one name have spans under one parent; undefined: all of them. */
  readonly repeats: RepeatLimits | undefined;
  /** True while Nest makes its modules: what is opened now belongs to the start-up. */
  readonly starting: boolean;
  /** The span that the application opened around its own start, if there was one. */
  readonly startUpSpan: Span | undefined;
}

/** Bounds of what one attribute set may hold. */
export interface AttributeLimits {
  readonly valueLength: number;
  readonly count: number;
}

/** Makes the runtime of a process without a module: decorators also work outside of Nest. */
function withoutModule(): TracingRuntime {
  return {
    errors: classifyReplies,
    cancelled: 'error',
    followsLocalParent: false,
    knowsRecording: false,
    attributeLimits: { valueLength: 4096, count: 128 },
    attributeWarnings: new AttributeWarnings((text) => diag.warn(`nestjs-tracing: ${text}`)),
    repeats: DEFAULT_REPEAT_LIMITS,
    starting: false,
    startUpSpan: undefined,
  };
}

const slot = processSlot('runtime', withoutModule);

/** The runtime of the module that was installed last and is still open. */
export function runtime(): TracingRuntime {
  return slot.current;
}

/**
 * Makes a module's runtime the current one. The function returned takes it out again, in whatever
 * order several applications of one process close.
 */
export function installRuntime(next: TracingRuntime): () => void {
  return slot.install(next);
}
