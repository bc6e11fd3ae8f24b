import { trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace';
import type { OpenSpans } from './open-spans.js';
import { clock } from './pulse/clock.js';
import type { GcMeter } from './pulse/gc-meter.js';
import type { Stall } from './pulse/stall.interface.js';
import { millisOf, ownMillisOf } from './pulse/stall.interface.js';
import type { FrameMemo } from './sampling/frame.js';
import type { SampleHook } from './sampling/sample-hook.js';
import type { Sample } from './sampling/sample.interface.js';
import { startOf } from './verdict/innocents.js';
import { describePlace } from './verdict/place.js';
import { MIN_WAIT_MILLIS, SpanMarks } from './verdict/span-marks.js';
import { isStandstill } from './verdict/standstill.js';
import { StallLog } from './verdict/stall-log.js';
import { Verdict, WORTH_NAMING } from './verdict/verdict.js';

/** Names of open spans that a line of the log holds. */
const NAMED_SPANS = 3;
/** For so long a verdict on a stall that goes on is not made anew. */
const FRESH_MILLIS = 5;
/** So many spans that have ended in one stall are kept, to find what encloses the culprit. */
const MAX_ENDED = 1000;

/** What a judge works with. */
interface JudgeParts {
  readonly thresholdMillis: number;
  /** Says nothing of a stall that no span is in. */
  readonly isQuiet: boolean;
  readonly hook: SampleHook;
  readonly gc: GcMeter;
  readonly memo: FrameMemo;
  readonly warn: (message: string) => void;
  /** Why nobody can ask this thread where it is; undefined if somebody does. */
  readonly obstacle: () => string | undefined;
}

/** Decides who has blocked the event loop, and writes it on the spans and in the log. */
export class StallJudge {
  readonly #parts: JudgeParts;
  readonly #open: () => OpenSpans;
  readonly #marks = new SpanMarks();
  readonly #shortMillis: number;
  readonly #log: StallLog;
  /** The spans that have ended since the present stall was first looked at. */
  #ended: Span[] = [];
  #latest: { readonly verdict: Verdict; readonly samples: number } | undefined;
  stalls = 0;
  blockedMillis = 0;
  unattributed = 0;
  readonly #known = (): readonly Span[] => [...this.#ended, ...this.#open().all()];

  constructor(parts: JudgeParts, open: () => OpenSpans) {
    this.#parts = parts;
    this.#shortMillis = Math.min(MIN_WAIT_MILLIS, WORTH_NAMING * parts.thresholdMillis);
    this.#open = open;
    this.#log = new StallLog(parts.warn);
  }

  get warningsHeldBack(): number {
    return this.#log.heldBack;
  }

  /** Whether a span that ends now may have to be marked. */
  get hasStall(): boolean {
    return this.#parts.hook.size > 0;
  }

  /** The loop turns again. */
  loopTurned(stall: Stall): void {
    const samples = this.#parts.hook.take();
    this.#conclude(samples, stall);
    this.#latest = undefined;
    if (this.#ended.length > 0) this.#ended = [];
  }

  #conclude(samples: readonly Sample[], stall: Stall): void {
    if (millisOf(stall) < this.#parts.thresholdMillis) return;
    if (samples.length === 0 && this.#parts.obstacle() === undefined) return;
    if (this.#isHeld(samples, stall)) return;
    this.#settle(this.#judge(samples, stall));
  }

  /**
   * Whether a span that ends now was too short to have blocked, to enclose who did, or to have waited for
   * long: where spans end by the thousand in one stall, it is all that each of them pays for.
   */
  isShort(span: Span): boolean {
    return clock() - startOf(span) < this.#shortMillis;
  }

  /** Marks a span while that can still be done. */
  spanEnding(span: Span, soFar: Stall): void {
    if (this.#ended.length < MAX_ENDED) this.#ended.push(span);
    if (millisOf(soFar) < this.#parts.thresholdMillis) return;
    if (this.#isHeld(this.#parts.hook.samples, soFar)) return;
    const verdict = this.#verdictSoFar(soFar);
    verdict.markCulprit(span, this.#marks);
    verdict.markInnocent(span, this.#known, this.#marks);
  }

  /** Says where a stall is that may never end; nothing if that is not sure, or a debugger holds it. */
  placeOf(sample: Sample, soFar: Stall): string {
    if (this.#parts.isQuiet && trace.getSpan(sample.context) === undefined) return '';
    return this.#isHeld([sample], soFar) ? '' : describePlace(sample, this.#parts.memo);
  }

  /** Whether a debugger held the thread, or the machine had no processor for it. */
  #isHeld(samples: readonly Sample[], stall: Stall): boolean {
    const { thresholdMillis } = this.#parts;
    const isOfMachine =
      ownMillisOf(stall) < thresholdMillis && stall.cpuMillis < thresholdMillis / 2;
    if (isOfMachine) return true;
    return isStandstill(samples, stall, this.#parts.memo);
  }

  #verdictSoFar(soFar: Stall): Verdict {
    const { samples } = this.#parts.hook;
    const known = this.#latest;
    const isFresh =
      known?.samples === samples.length &&
      soFar.endedAt - known.verdict.stall.endedAt < FRESH_MILLIS;
    if (isFresh) return known.verdict;
    const verdict = this.#judge(samples, soFar);
    this.#latest = { verdict, samples: samples.length };
    return verdict;
  }

  #judge(samples: readonly Sample[], stall: Stall): Verdict {
    return new Verdict(samples, stall, this.#parts.gc.read(), this.#parts.memo);
  }

  #settle(verdict: Verdict): void {
    this.stalls += 1;
    this.blockedMillis += millisOf(verdict.stall);
    for (const span of this.#open().all()) {
      verdict.markCulprit(span, this.#marks);
      verdict.markInnocent(span, this.#known, this.#marks);
    }
    this.#say(verdict);
  }

  #say(verdict: Verdict): void {
    const { isQuiet } = this.#parts;
    for (const share of verdict.shares) {
      if (share.span !== undefined || !isQuiet) this.#log.blocked(share, verdict.causeOf(share));
    }
    if (verdict.shares.length > 0) return;
    this.unattributed += 1;
    if (isQuiet) return;
    const open = this.#open().all();
    const names = open.slice(-NAMED_SPANS).map(({ name }) => `"${name}"`);
    this.#log.unattributed(millisOf(verdict.stall), names, this.#whyUnknown(verdict));
  }

  #whyUnknown(verdict: Verdict): string {
    const obstacle = this.#parts.obstacle();
    if (obstacle !== undefined) return obstacle;
    return verdict.isGarbage
      ? 'garbage was collected'
      : 'a call into native code was the last thing that was done before other work came';
  }
}
