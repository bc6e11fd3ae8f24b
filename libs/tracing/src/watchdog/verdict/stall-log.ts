import { context } from '@opentelemetry/api';
import { clock } from '../pulse/clock.js';
import { showFrame } from '../sampling/frame.js';
import type { Frame } from '../sampling/frame.js';
import type { Cause } from './cause.js';
import { namesLine } from './cause.js';
import { LineLimits } from './line-limits.js';
import { remedyFor } from './remedy.js';
import type { Share } from './share.js';
import { spanText } from './span-text.js';

const HOW: Readonly<Record<Cause, string>> = {
  js: 'JavaScript ran',
  native: 'native code ran',
  gc: 'garbage was collected',
  waiting: 'the thread waited',
};

/** Says in the application's log what has blocked the event loop, not more often than is of use. */
export class StallLog {
  readonly #warn: (message: string) => void;
  readonly #limits = new LineLimits(clock);
  heldBack = 0;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** In the context of the span, so that the log's record carries its ids. */
  blocked(share: Share, cause: Cause): void {
    const culprit = namesLine(cause) ? share.culprit : undefined;
    const say = (more: string): void => {
      const by = culprit === undefined ? '' : ` by ${showFrame(culprit)}`;
      this.#warn(
        `The event loop was blocked for ${Math.round(share.millis)} ms${by}${spanText(share.span)}: ` +
          `${HOW[cause]}. ${remedyFor(cause, share.frames)}${more}`,
      );
    };
    this.#limited(lineOf(culprit, cause), (more) =>
      share.context === undefined ? say(more) : context.with(share.context, say, undefined, more),
    );
  }

  /** Nobody can be named. */
  unattributed(millis: number, openSpans: readonly string[], why: string): void {
    const open = openSpans.length === 0 ? '' : ` Open spans: ${openSpans.join(', ')}.`;
    this.#limited('unattributed', (more) =>
      this.#warn(
        `The event loop was blocked for ${Math.round(millis)} ms, and who did it is not known: ${why}.` +
          `${open}${more}`,
      ),
    );
  }

  #limited(line: string, say: (more: string) => void): void {
    const heldBack = this.#limits.admit(line);
    if (heldBack === undefined) this.heldBack += 1;
    else say(heldBack === 0 ? '' : ` (${heldBack} more of these were held back.)`);
  }
}

function lineOf(culprit: Frame | undefined, cause: Cause): string {
  return culprit === undefined ? cause : `${culprit.file}:${culprit.line}`;
}
