import { INVALID_TRACEID, TraceFlags, context, trace } from '@opentelemetry/api';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { registeredTracer, runtime } from '../runtime.js';
import { isLazy, traceLazy } from './lazy.js';
import type { SpanSpec } from './recording.js';
import { SpanRecording } from './recording.js';
import { settle } from './settle.js';
import { withoutEndedStartUp } from './start-up.js';

/** Any function, for code that calls it with the arguments it was given. */
export type AnyFunction = (...args: never[]) => unknown;

/** Where a span is to open: the tracer to ask, and the context that holds its parent. */
export interface SpanSite {
  readonly tracer: Tracer;
  readonly parent: Context;
}

/**
 * What is known of a method's results. A lazy result (Observable, generator) gets its span when it
 * is used, so once a method has answered with one, its calls open none.
 */
export interface CallShape {
  lazy: boolean | undefined;
}

/**
 * Where a span would open now, or undefined if none is to be made: no SDK is registered, or the
 * local parent is sampled out and the sampler follows it.
 */
export function spanSite(): SpanSite | undefined {
  const tracer = registeredTracer();
  if (tracer === undefined) return undefined;
  const active = context.active();
  const span = trace.getSpan(active);
  if (span === undefined) return { tracer, parent: active };
  if (runtime().followsLocalParent && isSampledOut(span)) return undefined;
  return { tracer, parent: withoutEndedStartUp(active, span) };
}

/** Opens a span where one is to open now. Who opens it ends it. */
export function openSpan(spec: SpanSpec): SpanRecording | undefined {
  const site = spanSite();
  return site && new SpanRecording(site.tracer, spec, site.parent);
}

/** Calls a function inside a span that ends when what it returns has settled. */
export function record(
  site: SpanSite,
  spec: SpanSpec,
  fn: AnyFunction,
  receiver: unknown,
  args: ArrayLike<unknown>,
  shape?: CallShape,
): unknown {
  if (shape?.lazy === true) return recordUse(site, spec, fn, receiver, args, shape);
  const recording = new SpanRecording(site.tracer, spec, site.parent);
  return recordInto(recording, spec, fn, receiver, args, shape);
}

/** Calls a function inside a span that is open already. */
export function recordInto(
  recording: SpanRecording,
  spec: SpanSpec,
  fn: AnyFunction,
  receiver: unknown,
  args: ArrayLike<unknown>,
  shape?: CallShape,
): unknown {
  let result: unknown;
  try {
    result = recording.run(fn, receiver, args);
  } catch (error) {
    recording.fail(error);
    throw error;
  }
  return isLazy(result)
    ? recordFirstUse(result, recording, spec, shape)
    : settle(result, recording);
}

/** The call of a method that was lazy so far: its result gets a span each time it is used. */
function recordUse(
  site: SpanSite,
  spec: SpanSpec,
  fn: AnyFunction,
  receiver: unknown,
  args: ArrayLike<unknown>,
  shape: CallShape,
): unknown {
  const timed = { ...spec, options: { ...spec.options, startTime: performance.now() } };
  let result: unknown;
  try {
    result = Reflect.apply(fn, receiver, args);
  } catch (error) {
    new SpanRecording(site.tracer, timed, site.parent).fail(error);
    throw error;
  }
  if (isLazy(result)) return traceLazy(result, () => openSpan(spec));
  shape.lazy = false;
  return settle(result, new SpanRecording(site.tracer, timed, site.parent));
}

/** A lazy result that was not foreseen: the call's own span serves its first use. */
function recordFirstUse(
  result: object,
  recording: SpanRecording,
  spec: SpanSpec,
  shape: CallShape | undefined,
): unknown {
  if (shape?.lazy === undefined && shape !== undefined) shape.lazy = true;
  recording.waitForUse();
  let unused: SpanRecording | undefined = recording;
  return traceLazy(result, () => {
    const first = unused;
    unused = undefined;
    return first?.resume() ?? openSpan(spec);
  });
}

function isSampledOut(span: Span): boolean {
  const { traceFlags, isRemote, traceId } = span.spanContext();
  return (
    (traceFlags & TraceFlags.SAMPLED) === 0 && isRemote !== true && traceId !== INVALID_TRACEID
  );
}
