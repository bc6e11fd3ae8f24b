import { SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { enclosingSignal } from '../context/enclosing-work.js';
import { noteCollapsed } from '../span/budget/note-collapsed.js';
import { guard } from '../span/guard.js';
import { isCalledOff } from '../span/outcome/called-off.js';
import { isExpected } from '../span/outcome/failure.js';
import type { SpanSite } from '../span/span-site.js';
import type { SpanSpec } from '../span/recording.js';
import { SpanRecording } from '../span/recording.js';
import type { RepeatLimits } from '../span/budget/repeat-limits.js';
import { PromisedCall } from './promised-call.js';

/** The calls of one name that have one span together. */
export class CallTally {
  readonly spec: SpanSpec;
  /** The span that the latest call was made under, until that which they are counted under has ended. */
  calledUnder: Span | undefined;
  #site: SpanSite | undefined;
  readonly #maxErrors: number;
  #running = 0;
  #begun = 0;
  #count = 0;
  #errors = 0;
  #sum = 0;
  #shortest = Infinity;
  #longest = 0;
  #firstStart = Infinity;
  #lastEnd = 0;
  #isClosed = false;
  #unused: PromisedCall[] = [];

  constructor(spec: SpanSpec, site: SpanSite, { maxErrors }: RepeatLimits) {
    this.spec = spec;
    this.#site = site;
    this.#maxErrors = maxErrors;
  }

  /** A call begins. Returns when, which its end is told with. */
  begin(): number {
    const now = performance.now();
    this.#running += 1;
    this.#begun += 1;
    if (now < this.#firstStart) this.#firstStart = now;
    return now;
  }

  /** The call was none yet: its result does nothing before it is used, and each use counts. */
  takeBack(): void {
    this.#running -= 1;
    this.#begun -= 1;
    this.#finish();
  }

  /** The call waits for a consumer who may never come: nobody is to wait for its end. */
  pause(): void {
    this.#running -= 1;
    this.#finish();
  }

  /** The consumer has come. */
  resume(): void {
    this.#running += 1;
  }

  /** A call has ended well, or was given up. */
  ended(startTime: number): void {
    const now = performance.now();
    const duration = now - startTime;
    this.#running -= 1;
    this.#count += 1;
    this.#sum += duration;
    if (duration < this.#shortest) this.#shortest = duration;
    if (duration > this.#longest) this.#longest = duration;
    this.#lastEnd = now;
    if (this.#isClosed) this.#finish();
  }

  /** A call threw or rejected. What was called off, and what the policy expects, has not failed. */
  failed(startTime: number, error: unknown): void {
    if (!isCalledOff(error, enclosingSignal()) && !isExpected(this.spec, error)) {
      this.#errors += 1;
      if (this.#errors <= this.#maxErrors) this.#recordAfterwards(startTime, error);
    }
    this.ended(startTime);
  }

  /**
   * A call has returned a promise of no class of its own. Returns what its caller gets.
   *
   * @param isNew whether nobody has seen it yet
   */
  follow(startTime: number, promise: Promise<unknown>, isNew?: boolean): Promise<unknown> {
    const call = this.#unused.pop() ?? new PromisedCall(this);
    return call.follow(startTime, promise, isNew);
  }

  release(call: PromisedCall): void {
    if (!this.#isClosed) this.#unused.push(call);
  }

  /** The parent ends: what still runs is waited for. */
  close(): void {
    this.#isClosed = true;
    this.calledUnder = undefined;
    this.#unused = [];
    if (this.#site !== undefined) noteCollapsed(this.#site.parent, this.#begun);
    this.#finish();
  }

  #finish(): void {
    if (!this.#isClosed || this.#running > 0) return;
    const site = this.#site;
    this.#site = undefined;
    if (site !== undefined && this.#count > 0)
      guard(`summarising calls of ${this.spec.name}`, () => this.#record(site));
  }

  /** A failure is worth a span of its own, though nothing can be below it any more. */
  #recordAfterwards(startTime: number, error: unknown): void {
    const site = this.#site;
    if (site === undefined) return;
    const retroactive = { 'async.collapsed.retroactive': true };
    guard(`recording a failure of ${this.spec.name}`, () =>
      this.#open(site, startTime, retroactive).failWith(error),
    );
  }

  /** The span of all calls, from the first start to the last end. */
  #record(site: SpanSite): void {
    const recording = this.#open(site, this.#firstStart, {
      'async.collapsed.count': this.#count,
      'async.collapsed.errors': this.#errors,
      'async.collapsed.duration.sum_ms': this.#sum,
      'async.collapsed.duration.min_ms': this.#shortest,
      'async.collapsed.duration.max_ms': this.#longest,
    });
    if (this.#errors > 0) {
      const message = `${this.#errors} of ${this.#count} calls failed`;
      recording.span.setStatus({ code: SpanStatusCode.ERROR, message });
    }
    this.spec.summarise?.(recording.span, this.#count);
    recording.endAt(this.#lastEnd);
    recording.succeed(undefined);
  }

  #open(
    { tracer, parent }: SpanSite,
    startTime: number,
    further: Record<string, number | boolean>,
  ): SpanRecording {
    const { result: _, options, ...outcome } = this.spec;
    const attributes = { ...options.attributes, ...further };
    const spec = { ...outcome, options: { ...options, startTime, attributes } };
    return new SpanRecording(tracer, spec, parent);
  }
}
