import { context } from '@opentelemetry/api';
import type { CallTally } from '../collapse/call-tally.js';
import { measureResult, openRepeated } from '../collapse/record-repeated.js';
import type { RecordedCall } from '../span/recorded-call.interface.js';
import type { CallShape } from '../span/record.js';
import { recordResult } from '../span/record.js';
import type { SpanRecording, SpanSpec } from '../span/recording.js';
import { isLazy, traceLazy } from '../span/results/lazy.js';
import { settle } from '../span/results/settle.js';
import { mayBeThenable } from '../span/results/thenable.js';
import { recordingParent } from './recording-parent.js';

/**
 * A call of a method between its begin and its return. The stand-in makes the call itself, so that of ours
 * there is one frame in a stack trace, of which Node keeps ten.
 */
export interface BegunCall {
  /** Makes the call where nothing but a function can have a context: with a manager that has no `attach`. */
  readonly run?: SpanRecording['run'] | undefined;
  /** It threw. */
  threw(error: unknown): void;
  /** It returned. Returns what its caller gets. */
  returned(result: unknown): unknown;
}

/** What is known of a method. */
export interface MethodFacts {
  readonly spec: SpanSpec;
  readonly shape: CallShape;
  /** Whether the work was done when its last call returned. */
  isAtOnce: boolean;
}

/** A call in a span of its own, which is active until it returns. */
export class SpannedCall implements BegunCall {
  readonly #recording: SpanRecording;
  readonly #facts: MethodFacts;
  readonly run: BegunCall['run'];
  readonly #active;

  constructor(recording: SpanRecording, facts: MethodFacts) {
    this.#recording = recording;
    this.#facts = facts;
    this.#active = context.attach(recording.context);
    if (context.active() !== recording.context) {
      this.run = (fn, receiver, args) => recording.run(fn, receiver, args);
    }
  }

  threw(error: unknown): void {
    this.#active.dispose();
    this.#recording.fail(error);
  }

  returned(result: unknown): unknown {
    this.#active.dispose();
    const { spec, shape } = this.#facts;
    this.#facts.isAtOnce = isAtOnce(result);
    return recordResult(result, this.#recording, spec, shape, openInside);
  }
}

/** A call of a method whose results have been lazy so far: each use of them has a span, the call has none. */
export class LazyCall implements BegunCall {
  readonly #facts: MethodFacts;
  readonly #startTime = performance.now();

  constructor(facts: MethodFacts) {
    this.#facts = facts;
  }

  threw(error: unknown): void {
    openFrom(this.#startTime, this.#facts.spec)?.fail(error);
  }

  returned(result: unknown): unknown {
    const { spec, shape } = this.#facts;
    if (isLazy(result)) return traceLazy(result, () => openInside(spec));
    shape.lazy = false;
    const recording = openFrom(this.#startTime, spec);
    return recording === undefined ? result : settle(result, recording);
  }
}

/**
 * A call of a method that as a rule returns its results at once. Its span opens afterwards: if it has taken
 * long, has failed, or goes on.
 */
export class ShortCall implements BegunCall {
  readonly #facts: MethodFacts;
  readonly #minDurationMillis: number;
  readonly #startTime = performance.now();

  constructor(facts: MethodFacts, minDurationMillis: number) {
    this.#facts = facts;
    this.#minDurationMillis = minDurationMillis;
  }

  threw(error: unknown): void {
    openFrom(this.#startTime, this.#facts.spec)?.fail(error);
  }

  returned(result: unknown): unknown {
    const { spec } = this.#facts;
    this.#facts.isAtOnce = isAtOnce(result);
    if (isLazy(result)) return traceLazy(result, () => openInside(spec));
    const isShort = performance.now() - this.#startTime < this.#minDurationMillis;
    if (this.#facts.isAtOnce && isShort) return result;
    const recording = openFrom(this.#startTime, spec);
    return recording === undefined ? result : settle(result, recording);
  }
}

/** Takes what one of very many calls has returned. Returns what its caller gets. */
export function returnedCollapsed(
  tally: CallTally,
  startTime: number,
  result: unknown,
  shape: CallShape,
): unknown {
  return shape.isAsync === true
    ? tally.follow(startTime, result as Promise<unknown>, true)
    : measureResult(tally, startTime, result, shape, openInside);
}

/** Whether the work of a call was done when it returned this. */
function isAtOnce(result: unknown): boolean {
  if (typeof result !== 'object' || result === null) return true;
  return !isLazy(result) && !mayBeThenable(result);
}

function openFrom(startTime: number, spec: SpanSpec): RecordedCall | undefined {
  return openInside({ ...spec, options: { ...spec.options, startTime } });
}

/** Whoever uses a lazy result does so inside of a span too, or has none of it. */
function openInside(spec: SpanSpec): RecordedCall | undefined {
  return recordingParent() === undefined ? undefined : openRepeated(spec);
}
