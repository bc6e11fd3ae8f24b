import type { Span as ApiSpan } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace';
import type { Stall } from '../pulse/stall.interface.js';
import { millisOf } from '../pulse/stall.interface.js';
import type { FrameMemo } from '../sampling/frame.js';
import type { Sample } from '../sampling/sample.interface.js';
import type { Cause } from './cause.js';
import { causeOf, isMostlyGarbage } from './cause.js';
import { involvedSpans, partSeen } from './innocents.js';
import type { Share } from './share.js';
import { sharesOf } from './share.js';
import type { SpanMarks } from './span-marks.js';

const HALF = 0.5;
/** Who takes less of a stall is not named: others have made it. */
export const WORTH_NAMING = 0.2;

/** Who has blocked the event loop in one stall, as far as it has gone. */
export class Verdict {
  /** The parts of those that can be named. */
  readonly shares: readonly Share[];
  readonly #gcMillis: number;
  readonly #namedMillis: number;
  #involved: ReadonlySet<ApiSpan> | undefined;

  constructor(
    samples: readonly Sample[],
    readonly stall: Stall,
    gcMillis: number,
    memo: FrameMemo,
  ) {
    this.#gcMillis = gcMillis;
    this.shares = sharesOf(samples, stall, memo).filter((share) => isCulprit(share, stall));
    this.#namedMillis = this.shares.reduce((sum, { millis }) => sum + millis, 0);
  }

  get isGarbage(): boolean {
    return isMostlyGarbage(this.stall, this.#gcMillis);
  }

  causeOf(share: Share): Cause {
    return causeOf(share, this.stall, this.#gcMillis);
  }

  /** Writes on a span what it has done, if it has. */
  markCulprit(span: Span, marks: SpanMarks): void {
    for (const share of this.shares) {
      if (share.span !== span) continue;
      marks.blocked(span, share, this.causeOf(share), this.stall, this.#gcMillis);
    }
  }

  /**
   * Writes on a span how long it has waited for others, if it has.
   *
   * @param known reads the spans that are open, or were in the stall
   */
  markInnocent(span: Span, known: () => readonly Span[], marks: SpanMarks): void {
    if (this.#namedMillis === 0) return;
    this.#involved ??= involvedSpans(known(), this.#blamed);
    if (this.#involved.has(span)) return;
    marks.waited(span, this.#namedMillis * partSeen(span, this.stall));
  }

  get #blamed(): ApiSpan[] {
    return this.shares.map(({ span }) => span).filter((span) => span !== undefined);
  }
}

/** Who was met once has only been there: it takes two looks, or half of the time. */
function isCulprit({ context, span, culprit, samples, millis }: Share, stall: Stall): boolean {
  if (context === undefined || (span ?? culprit) === undefined) return false;
  return millis >= (samples > 1 ? WORTH_NAMING : HALF) * millisOf(stall);
}
