import type { Context, Link, Span } from '@opentelemetry/api';
import { contextKey } from '../context-key.js';
import type {
  SamplingSubject,
  SubjectOptions,
} from '../tracer/sampling/sampling-subject.interface.js';

/** How the next span of a context starts, whoever opens it: a task or a traced method. */
interface NextSpan {
  readonly links: readonly Link[];
  /** Whether the span is to be sampled as those it links to. */
  readonly followsLinks: boolean;
  /** By what rules of sampling know it, if it does not say so itself. */
  readonly subject?: SamplingSubject;
  /** Told of the span once it has started. */
  started(span: Span): void;
}

const HANDOVER = contextKey('next span');

/** A context whose next span, and only that, takes the handover. */
export function withNextSpan(ctx: Context, handover: NextSpan): Context {
  return ctx.setValue(HANDOVER, handover);
}

/** Returns what the next span of a context is to take over. */
export function nextSpanOf(ctx: Context): NextSpan | undefined {
  return ctx.getValue(HANDOVER) as NextSpan | undefined;
}

/** Returns a context whose next span takes nothing over. */
export function withoutNextSpan(ctx: Context): Context {
  return ctx.deleteValue(HANDOVER);
}

/** Returns the options of the span that takes a handover. */
export function takeOver(options: SubjectOptions, handover: NextSpan | undefined): SubjectOptions {
  if (handover === undefined) return options;
  const { followsLinks, subject } = handover;
  return {
    ...(subject === undefined ? {} : { subject }),
    ...options,
    links: [...(options.links ?? []), ...handover.links],
    hasOrigin: followsLinks && handover.links.length > 0,
  };
}
