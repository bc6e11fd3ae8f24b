import { diag, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { mayStart } from '../span/budget/may-start.js';
import type { RecordedCall } from '../span/recorded-call.interface.js';
import type { AnyFunction, CallShape, OpenCall } from '../span/record.js';
import type { SpanSite } from '../span/span-site.js';
import { recordInto, recordUse } from '../span/record.js';
import { spanSite } from '../span/span-site.js';
import type { SpanSpec } from '../span/recording.js';
import { SpanRecording } from '../span/recording.js';
import { isLazy, traceLazy } from '../span/results/lazy.js';
import { isPlainPromise } from '../span/results/plain-promise.js';
import { settle } from '../span/results/settle.js';
import { runtime } from '../span/runtime.js';
import { keepWithSpan, spanIn } from '../tracer/context-with-span.js';
import { CallTally } from './call-tally.js';
import type { EnclosingCall } from './enclosing-calls.js';
import { enclosingCall, enclosingOfName } from './enclosing-calls.js';
import { MeasuredCall } from './measured-call.js';
import { RepeatedCalls } from './repeated-calls.js';

/**
 * Calls a function as `record` does, but only the first calls of a name under one parent have spans of their
 * own: of the others there is one span together. For spans that nobody has asked for one by one.
 *
 * @param open begins each use of a lazy result
 */
export function recordRepeated(
  site: SpanSite,
  spec: SpanSpec,
  fn: AnyFunction,
  receiver: unknown,
  args: ArrayLike<unknown>,
  shape?: CallShape,
  open: OpenCall = openRepeated,
): unknown {
  if (shape?.lazy === true) return recordUse(site, spec, fn, receiver, args, shape, open);
  const begun = beginRepeated(site, spec);
  if (begun === undefined) return Reflect.apply(fn, receiver, args as never);
  if (!(begun instanceof CallTally))
    return recordInto(begun, spec, fn, receiver, args, shape, open);
  return measure(begun, fn, receiver, args, shape, open);
}

/** Begins a call where one is to be recorded now. Whoever begins it ends it. */
export function openRepeated(spec: SpanSpec): RecordedCall | undefined {
  const site = spanSite();
  const begun = site && beginRepeated(site, spec);
  return begun instanceof CallTally ? new MeasuredCall(begun) : begun;
}

/** Returns what measures a call if it is one too many for a span of its own. */
export function tallyOf({ tracer, parent: ctx }: SpanSite, spec: SpanSpec): CallTally | undefined {
  const parent = trace.getSpan(ctx);
  const limits = runtime().repeats;
  if (limits === undefined || parent?.isRecording() !== true) return undefined;
  return RepeatedCalls.under(parent).next(spec, limits, ctx, tracer);
}

/** Makes a call without a span of its own. */
export function measure(
  tally: CallTally,
  fn: AnyFunction,
  receiver: unknown,
  args: ArrayLike<unknown>,
  shape?: CallShape,
  open: OpenCall = openRepeated,
): unknown {
  const startTime = tally.begin();
  let result: unknown;
  try {
    result = Reflect.apply(fn, receiver, args as never);
  } catch (error) {
    tally.failed(startTime, error);
    throw error;
  }
  return measureResult(tally, startTime, result, shape, open);
}

/** Takes what a call without a span has returned; returns what the caller gets. */
export function measureResult(
  tally: CallTally,
  startTime: number,
  result: unknown,
  shape: CallShape | undefined,
  open: OpenCall,
): unknown {
  if (typeof result !== 'object' || result === null) {
    tally.ended(startTime);
    return result;
  }
  if (isPlainPromise(result)) return tally.follow(startTime, result);
  return isLazy(result)
    ? measureUses(tally, result, shape, open)
    : settle(result, new MeasuredCall(tally, startTime));
}

/**
 * Opens the span of a call, or returns what measures it if it is one too many. Nobody has asked for this
 * span: it has none if its trace has no room for one, and a tracer that fails must not fail the call.
 */
export function beginRepeated(
  site: SpanSite,
  spec: SpanSpec,
): CallTally | SpanRecording | undefined {
  try {
    const { tracer, parent } = site;
    const outer = enclosingOfName(parent, spec.name);
    const tally = tallyOf({ tracer, parent: outer?.countedIn ?? parent }, spec);
    if (tally !== undefined) return tally;
    if (!mayStart(parent, spec.name)) return undefined;
    const recording = new SpanRecording(tracer, spec, parent);
    if (recording.isOverBudget) return undefined;
    // One inside of a call of the same name is to what it calls what that one is.
    const own = outer === undefined ? countedAt(parent, spec.name) : enclosingCall(parent);
    keepWithSpan(recording.context, own);
    return recording;
  } catch (error) {
    diag.error(`nestjs-tracing: opening the span ${spec.name} threw; the call has none`, error);
    return undefined;
  }
}

/** Returns what a call that is counted under the span of a context is to what it calls. */
function countedAt(ctx: Context, name: string): EnclosingCall | undefined {
  const parent = spanIn(ctx);
  return parent && RepeatedCalls.knownUnder(parent)?.enclosing(name, ctx);
}

/** Not the call does the work, but each use of what it returned. */
function measureUses(
  tally: CallTally,
  result: object,
  shape: CallShape | undefined,
  open: OpenCall,
): unknown {
  tally.takeBack();
  if (shape !== undefined) shape.lazy ??= true;
  return traceLazy(result, () => open(tally.spec));
}
