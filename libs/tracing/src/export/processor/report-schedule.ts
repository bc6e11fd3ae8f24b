import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { SpanStats } from '../accounts/span-accounts.js';
import { REPORT_EVERY_MILLIS } from '../accounts/loss-reporter.js';
import { ClientReport } from './client-report.js';

/** While a loss is to be reported, this often is looked whether the collector is there again. */
const LOOK_EVERY_MILLIS = 1000;

/** The part of the export that a schedule knows and uses. */
interface ReportPlace {
  stats(): SpanStats;
  /** Takes the report as any other span. */
  take(report: ReadableSpan): void;
  readonly maxQueueSize: number;
}

/**
 * Sends the collector a {@link ClientReport} when it can have one: with the next flush, at the end, or
 * once an export has succeeded after the loss. At most one per 30 seconds but for the last, none while
 * another is on its way, and none that a full queue would drop.
 */
export class ReportSchedule {
  readonly #place: ReportPlace;
  readonly #report = new ClientReport();
  #resource: Resource | undefined;
  #timer: NodeJS.Timeout | undefined;
  #exportedAtLoss = 0;
  #exportedAtReport = -1;
  #reportedAt = -Infinity;
  #isOver = false;

  constructor(place: ReportPlace) {
    this.#place = place;
  }

  /** Learns from the first span whom the reports come from. */
  adopt(resource: Resource): void {
    this.#resource ??= resource;
  }

  /** Spans were lost. */
  lost(): void {
    if (this.#isOver) return;
    this.#report.begin(Date.now());
    if (this.#timer !== undefined) return;
    this.#exportedAtLoss = this.#place.stats().exported;
    this.#look();
  }

  /** Sends a report along with a flush, if one is due. */
  beforeFlush(): void {
    this.#send(REPORT_EVERY_MILLIS);
  }

  /** Sends the last report, if one is due. */
  beforeEnd(): void {
    clearTimeout(this.#timer);
    this.#send(0);
    this.#isOver = true;
  }

  #look(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const stats = this.#place.stats();
      if (!this.#report.isDue(stats)) return;
      if (stats.exported > this.#exportedAtLoss) this.#send(REPORT_EVERY_MILLIS);
      if (this.#report.isDue(this.#place.stats())) this.#look();
    }, LOOK_EVERY_MILLIS).unref();
  }

  #send(everyMillis: number): void {
    const stats = this.#place.stats();
    const now = performance.now();
    const hasRoom = stats.queued < this.#place.maxQueueSize;
    const isAlone = stats.exported > this.#exportedAtReport;
    const isTime = now - this.#reportedAt >= everyMillis;
    if (this.#resource === undefined || !hasRoom || !isAlone || !isTime) return;
    if (!this.#report.isDue(stats)) return;
    this.#exportedAtReport = stats.exported;
    this.#reportedAt = now;
    this.#place.take(this.#report.write(stats, this.#resource, Date.now()));
  }
}
