import type { CollectorFault } from '../transport/faults/collector-status.js';
import { REPORT_EVERY_MILLIS } from './loss-reporter.js';

/** The application's log. */
export interface ExportLog {
  log(message: string): void;
  warn(message: string): void;
}

/**
 * Says that the collector gets no spans, at the first failure, and that it gets them again. Of each
 * there is one line in 30 seconds at most, however often it changes.
 */
export class CollectorReporter {
  readonly #endpoint: string;
  readonly #log: ExportLog;
  readonly #saidAt = { away: -Infinity, back: -Infinity };
  #fault: CollectorFault | undefined;
  #isSaid = false;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  /** @param endpoint as it is shown to people */
  constructor(endpoint: string, log: ExportLog) {
    this.#endpoint = endpoint;
    this.#log = log;
  }

  /** Learns why the collector gets nothing, or that it does. */
  changed(fault: CollectorFault | undefined): void {
    this.#fault = fault;
    this.#speak();
  }

  /** Says nothing more: at the end what is lost has its own line, with the same reason. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #speak(): void {
    clearTimeout(this.#timer);
    const isAway = this.#fault !== undefined;
    if (this.#isOver || isAway === this.#isSaid) return;
    const kind = isAway ? 'away' : 'back';
    const wait = this.#saidAt[kind] + REPORT_EVERY_MILLIS - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#speak(), wait).unref();
      return;
    }
    this.#saidAt[kind] = performance.now();
    this.#isSaid = isAway;
    if (this.#fault === undefined)
      this.#log.log(`The collector at ${this.#endpoint} takes spans again.`);
    else this.#log.warn(this.#warningOf(this.#fault));
  }

  #warningOf({ reason, cure }: CollectorFault): string {
    const what = `No span gets to the collector at ${this.#endpoint} (${reason})`;
    return cure === undefined ? `${what}; they wait for it.` : `${what}: ${cure}.`;
  }
}
