import type { Observable } from 'rxjs';
import { isObject } from './is-object.js';
import { mayOpen } from './budget/may-open.js';
import { isLazy, traceLazy } from './results/lazy.js';
import type { RecordedCall } from './recorded-call.interface.js';
import type { SpanSpec } from './recording.js';
import { SpanRecording } from './recording.js';
import { isPlainPromise } from './results/plain-promise.js';
import { settle, settlePromise } from './results/settle.js';
import { isAnyObservable, plainObservable } from './results/observable.js';
import { withOwnProperties } from './results/derived-promise.js';
import type { SpanSite } from './span-site.js';
import { spanSite } from './span-site.js';

/** Any function, for code that calls it with the arguments it was given. */
export type AnyFunction = (...args: never[]) => unknown;

/**
 * Holds what is known of a method's results. A lazy result (Observable, generator) gets its span when it
 * is used, so once a method has answered with one, its calls open none.
 */
export interface CallShape {
  lazy: boolean | undefined;
  /** Whether the work is the one use of a lazy result that comes as soon as it is there, promised or not. */
  readonly isPromised?: boolean;
  /** Whether it is an async function: the promise that it returns is new, and nobody has seen it. */
  readonly isAsync?: boolean;
}

/** Begins a call, in a span or without one; undefined if nothing is to be recorded of it. */
export type OpenCall = (spec: SpanSpec) => RecordedCall | undefined;

/** Opens a span where one is to open now. Who opens it ends it. */
export function openSpan(spec: SpanSpec): SpanRecording | undefined {
  const site = spanSite();
  return site && new SpanRecording(site.tracer, spec, site.parent);
}

/**
 * Calls a function inside a span that ends when what it returns has settled.
 *
 * @param open begins each use of a lazy result
 */
export function record(
  site: SpanSite,
  spec: SpanSpec,
  fn: AnyFunction,
  receiver: unknown,
  args: ArrayLike<unknown>,
  shape?: CallShape,
  open: OpenCall = openSpan,
): unknown {
  if (site.isFull === true && !mayOpen(site.parent, spec.name)) {
    return Reflect.apply(fn, receiver, args);
  }
  if (shape?.lazy === true) return recordUse(site, spec, fn, receiver, args, shape, open);
  const recording = new SpanRecording(site.tracer, spec, site.parent);
  if (recording.isOverBudget) return Reflect.apply(fn, receiver, args);
  return recordInto(recording, spec, fn, receiver, args, shape, open);
}

/** Calls a function inside a span that is open already. */
export function recordInto(
  recording: SpanRecording,
  spec: SpanSpec,
  fn: AnyFunction,
  receiver: unknown,
  args: ArrayLike<unknown>,
  shape?: CallShape,
  open: OpenCall = openSpan,
): unknown {
  let result: unknown;
  try {
    result = recording.run(fn, receiver, args, shape?.isAsync);
  } catch (error) {
    recording.fail(error);
    throw error;
  }
  return recordResult(result, recording, spec, shape, open);
}

/** Ends a span when what its call has returned has settled; returns what the caller gets. */
export function recordResult(
  result: unknown,
  recording: SpanRecording,
  spec: SpanSpec,
  shape: CallShape | undefined,
  open: OpenCall,
): unknown {
  if (shape?.isAsync === true) return settlePromise(result as Promise<unknown>, recording, true);
  if (isPlainPromise(result)) {
    return shape?.isPromised === true
      ? recordPromised(result, recording, spec, shape, open)
      : settlePromise(result, recording);
  }
  if (isLazy(result)) return recordFirstUse(result, recording, spec, shape, open);
  if (shape?.isPromised !== true || !isObject(result) || !isAnyObservable(result)) {
    return settle(result, recording);
  }
  const plain = plainObservable(result as Observable<unknown>);
  return recordFirstUse(plain, recording, spec, shape, open);
}

/** Waits for what is the result of a call by itself. */
function recordPromised(
  promise: Promise<unknown>,
  recording: SpanRecording,
  spec: SpanSpec,
  shape: CallShape,
  open: OpenCall,
): Promise<unknown> {
  const derived = promise.then(
    (value) => recordResult(value, recording, spec, shape, open),
    (error: unknown) => {
      recording.fail(error);
      throw error;
    },
  );
  return withOwnProperties(derived, promise);
}

/** The call of a method that was lazy so far: its result gets a span each time it is used. */
export function recordUse(
  site: SpanSite,
  spec: SpanSpec,
  fn: AnyFunction,
  receiver: unknown,
  args: ArrayLike<unknown>,
  shape: CallShape,
  open: OpenCall,
): unknown {
  const timed = { ...spec, options: { ...spec.options, startTime: performance.now() } };
  let result: unknown;
  try {
    result = Reflect.apply(fn, receiver, args);
  } catch (error) {
    new SpanRecording(site.tracer, timed, site.parent).fail(error);
    throw error;
  }
  if (isLazy(result)) return traceLazy(result, () => open(spec));
  shape.lazy = false;
  return settle(result, new SpanRecording(site.tracer, timed, site.parent));
}

/** A lazy result that was not foreseen: the call's own span serves its first use. */
function recordFirstUse(
  result: object,
  recording: SpanRecording,
  spec: SpanSpec,
  shape: CallShape | undefined,
  open: OpenCall,
): unknown {
  if (shape?.lazy === undefined && shape !== undefined) shape.lazy = true;
  recording.waitForUse();
  let unused: SpanRecording | undefined = recording;
  // Who waits for a promised one uses it at once, or never: a request that has been given up does not.
  if (shape?.isPromised === true) {
    setImmediate(() => {
      unused?.end();
      unused = undefined;
    });
  }
  return traceLazy(result, () => {
    const first = unused;
    unused = undefined;
    return first?.resume() ?? open(spec);
  });
}
