import type { Context } from '@opentelemetry/api';
import type { LeanTracer } from '../tracer/lean-tracer.js';
import type { SamplingSubject } from '../tracer/sampling/sampling-subject.interface.js';
import { nextSpanOf } from './next-span.js';
import { registeredTracer } from './registered-provider.js';
import { runtime } from './runtime.js';

/**
 * Whether the span of what is done in a context is left out by a sampler that need not be asked. An SDK that
 * is not the module's is always asked.
 */
export function isLeftOut(ctx: Context): boolean {
  return leftOutAt(ctx)?.has(ctx) === true;
}

/**
 * Returns the context of what is done in another one if its span is left out by a sampler that need not be
 * asked: there is nothing to record, and what is sent and logged says so.
 *
 * @param subject by what rules of sampling know what is done
 */
export function leftOutContext(ctx: Context, subject?: SamplingSubject): Context | undefined {
  return leftOutAt(ctx)?.contextIn(ctx, subject);
}

/** As `leftOutContext`, of a root that is to follow the span in a context, which it would link to. */
export function leftOutLinkedRoot(ctx: Context, subject?: SamplingSubject): Context | undefined {
  return leftOutAt(ctx)?.linkedContextIn(ctx, subject);
}

/** A span that takes over links may be sampled as those are; one of the start-up marks its context. */
function leftOutAt(ctx: Context): LeanTracer['leftOut'] | undefined {
  if (nextSpanOf(ctx) !== undefined || runtime().starting) return undefined;
  return (registeredTracer() as Partial<LeanTracer> | undefined)?.leftOut;
}
