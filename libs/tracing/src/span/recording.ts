import { SpanStatusCode } from '@opentelemetry/api';
import type { Attributes, Context, Span, TimeInput, Tracer } from '@opentelemetry/api';
import { runtime } from './runtime.js';
import { legalAttributes } from './attributes/legal-attributes.js';
import type { FlatAttributes } from './attributes/flat-attributes.interface.js';
import type { ErrorReading } from './outcome/failure.js';
import { isExpected, recordFailure } from './outcome/failure.js';
import { nextSpanOf, takeOver, withoutNextSpan } from './next-span.js';
import { markDormant, unmarkDormant } from './results/dormant.js';
import { enclosingSignal } from '../context/enclosing-work.js';
import { enter, runCall } from '../context/run-in.js';
import {
  ATTR_TASK_CANCEL_REASON,
  ATTR_TASK_OUTCOME,
  describeReason,
  isCalledOff,
} from './outcome/called-off.js';
import { guard } from './guard.js';
import { OverBudgetSpan } from '../tracer/budget/over-budget-span.js';
import type { RecordedCall } from './recorded-call.interface.js';
import { withSpan } from '../tracer/context-with-span.js';
import { SampledOutRoot } from '../tracer/sampling/sampled-out-root.js';
import type { SubjectOptions } from '../tracer/sampling/sampling-subject.interface.js';
import { UnsampledSpan } from '../tracer/unsampled-span.js';
import { asStartUp } from './start-up.js';

/** Opens the span of one use of a lazy result, or returns undefined if it is not to be traced. */
export type OpenSpan = () => RecordedCall | undefined;

/** How a span is opened and how its outcome is read. */
export interface SpanSpec extends ErrorReading {
  readonly name: string;
  readonly options: SubjectOptions;
  /** Attributes of the result, set before the span ends. */
  readonly result?: ((value: never) => FlatAttributes | Attributes) | undefined;
  /** Describes the span that many calls have together, once their number is known. */
  readonly summarise?: ((span: Span, calls: number) => void) | undefined;
  /** The span belongs to the application's start: once it has ended it is nobody's parent. */
  readonly startUp?: boolean | undefined;
}

/**
 * One span from its opening to its only end. Nothing else in this package opens, activates, fails
 * or ends a span.
 */
export class SpanRecording implements RecordedCall {
  readonly context: Context;
  /** Whether its trace has no room for it: what runs in it belongs to its parent. */
  readonly isOverBudget: boolean;
  readonly #spec: SpanSpec;
  #span: Span;
  #open = true;
  #endTime: TimeInput | undefined;

  constructor(tracer: Tracer, spec: SpanSpec, parent: Context) {
    const handover = nextSpanOf(parent);
    const span = tracer.startSpan(spec.name, takeOver(spec.options, handover), parent);
    handover?.started(span);
    this.isOverBudget = span instanceof OverBudgetSpan;
    const opened = this.isOverBudget ? parent : withSpan(parent, span);
    const ctx = handover === undefined ? opened : withoutNextSpan(opened);
    this.context = spec.startUp === true || runtime().starting ? asStartUp(ctx) : ctx;
    this.#spec = spec;
    this.#span = span;
  }

  get span(): Span {
    return this.#span;
  }

  /** Whether its end matters: it records, or a rule of sampling wants to know if it fails. */
  get isHeeded(): boolean {
    return this.#span.isRecording() || this.#span instanceof SampledOutRoot;
  }

  /**
   * It has failed, before it is said how. If it is a root that was sampled out, its rule counts that, and may
   * have its span recorded after all, alone: then it is another one from now on.
   */
  revive(): void {
    if (!(this.#span instanceof SampledOutRoot)) return;
    const { name, options } = this.#spec;
    this.#span = this.#span.fail(name, options) ?? new UnsampledSpan(this.#span.identity);
  }

  /**
   * Calls a function with the span active.
   *
   * @param isAsync whether it is an async function; default: it is asked
   */
  run(
    fn: (...args: never[]) => unknown,
    receiver: unknown,
    args: ArrayLike<unknown>,
    isAsync?: boolean,
  ): unknown {
    return runCall(this.context, fn, receiver, args, isAsync);
  }

  /**
   * Makes the span active for what follows inside of the current run of an AsyncResource, with whose
   * end that is over. False if the context manager cannot: then `run` has to do it.
   */
  activate(): boolean {
    return enter(this.context);
  }

  /** Marks the span as one that its consumer will end, who may never come. */
  waitForUse(): void {
    markDormant(this.span);
  }

  /** The consumer has come: from now on the span has to end. */
  resume(): this {
    unmarkDormant(this.span);
    return this;
  }

  /** Sets the time at which the span is going to end. Default: when it is ended. */
  endAt(time: TimeInput | undefined): void {
    this.#endTime = time;
  }

  /** Ends the span of a call that returned, with the attributes of its result. */
  succeed(value: unknown): void {
    if (!this.#open) return;
    this.#open = false;
    const { result } = this.#spec;
    if (result !== undefined) this.#setResult(result, value);
    this.span.end(this.#endTime);
  }

  /**
   * Ends the span of a call that threw or rejected: as called off if that is what the group or task
   * around it was, else as failed.
   */
  fail(error: unknown): void {
    const signal = enclosingSignal();
    if (isCalledOff(error, signal)) this.callOff(signal?.reason);
    else this.failWith(error);
  }

  /**
   * Ends the span with a failure, whatever was called off around it; whether it is an error the policy
   * decides.
   *
   * @param further errors that came with it; they are recorded as events, up to a limit
   */
  failWith(error: unknown, further: readonly unknown[] = []): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#span instanceof SampledOutRoot && !isExpected(this.#spec, error)) this.revive();
    recordFailure(this.span, this.#spec, error, further);
    this.span.end(this.#endTime);
  }

  /**
   * Ends the span of a task that was called off. The option `cancelled` says whether it is an error;
   * it is none where the reason is an expected one.
   *
   * @param description the reason as a text
   */
  cancel(reason: unknown, description = describeReason(reason)): void {
    if (!this.#open) return;
    this.#open = false;
    if (runtime().cancelled === 'error' && !isExpected(this.#spec, reason)) {
      this.span.setStatus({ code: SpanStatusCode.ERROR, message: description });
    }
    this.span.end(this.#endTime);
  }

  /**
   * Ends the span of a call whose caller called it off: it says so, and neither its status nor
   * `error.type` is set, as OpenTelemetry's HTTP conventions have it.
   */
  callOff(reason: unknown): void {
    if (!this.#open) return;
    this.#open = false;
    this.span.setAttribute(ATTR_TASK_OUTCOME, 'cancelled');
    this.span.setAttribute(ATTR_TASK_CANCEL_REASON, describeReason(reason));
    this.span.end(this.#endTime);
  }

  /** Ends the span of something that was given up by its consumer: neither result nor error. */
  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.span.end();
  }

  #setResult(result: NonNullable<SpanSpec['result']>, value: unknown): void {
    const attributes = guard('the result attributes callback', () => result(value as never));
    if (attributes !== undefined) this.span.setAttributes(legalAttributes(attributes));
  }
}
