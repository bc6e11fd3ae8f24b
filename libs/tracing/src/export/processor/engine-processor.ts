import { spanCount } from '../../span-count.js';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { ResolvedOptions } from '../../options/resolve-options.js';
import type { LossReporter } from '../accounts/loss-reporter.js';
import type { SpanAccounts } from '../accounts/span-accounts.js';
import { isSampled } from '../../tracer/sampling/is-sampled.js';
import { OpenSpanSender } from '../viewer/open-span-sender.js';
import { ExitWatch } from './exit-watch.js';
import { OpenSpans } from '../../watchdog/open-spans.js';
import { ReportSchedule } from './report-schedule.js';
import type { SpanHandover } from './span-handover.js';

type EngineOptions = Pick<
  ResolvedOptions,
  'batch' | 'exitSignals' | 'reportDrops' | 'exitTimeoutMillis' | 'shutdownTimeoutMillis' | 'viewer'
>;

/** A flush under way: of which spans, and until when at most. */
interface Flushing {
  readonly done: Promise<void>;
  readonly upTo: number;
  readonly until: number;
}

/** Takes spans from the SDK to the export engine, and books every one, from its start to its end. */
export class EngineProcessor implements SpanProcessor {
  readonly #handover: SpanHandover;
  readonly #accounts: SpanAccounts;
  readonly #losses: LossReporter;
  readonly #options: EngineOptions;
  /** The spans that have not ended. */
  readonly open = new OpenSpans();
  readonly #viewer: OpenSpanSender | undefined;
  readonly #exits: ExitWatch;
  readonly #reports: ReportSchedule | undefined;
  #flushing: Flushing | undefined;
  #stopping: Promise<void> | undefined;
  #isStopped = false;
  /** Milliseconds that the end of the process may still wait for the collector. */
  #exitMillis: number;
  #leaving: string | undefined;

  constructor(
    handover: SpanHandover,
    accounts: SpanAccounts,
    losses: LossReporter,
    options: EngineOptions,
  ) {
    this.#handover = handover;
    this.#accounts = accounts;
    this.#losses = losses;
    this.#options = options;
    this.#exitMillis = options.exitTimeoutMillis;
    if (options.reportDrops) this.#reports = this.#reportDrops(options.batch.maxQueueSize);
    if (options.viewer) this.#viewer = new OpenSpanSender(this.open, options.viewer);
    this.#exits = new ExitWatch((reason) => this.#leave(reason), options.exitSignals);
    this.#exits.onceIdle(() => void this.#sendWhileLoopTurns());
  }

  onStart(span: Span): void {
    this.#accounts.start();
    this.open.add(span);
    this.#reports?.adopt(span.resource);
  }

  onEnd(span: ReadableSpan): void {
    this.#accounts.end();
    this.open.remove(span);
    if (!isSampled(span)) this.#accounts.skip();
    else if (this.#isStopped || this.#handover.isClosed) this.#dropLate();
    else this.#handover.take(span);
    if (this.#leaving !== undefined) this.#sendLast(this.#leaving);
  }

  /** Sends what has ended; rejects if the collector is away. One flush serves all who want the same. */
  forceFlush(timeoutMillis = this.#options.shutdownTimeoutMillis): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    const { ended } = this.#accounts;
    const until = performance.now() + timeoutMillis;
    const current = this.#flushing;
    if (current !== undefined && current.upTo === ended && current.until >= until)
      return current.done;
    const done = this.#flush(timeoutMillis).finally(() => {
      if (this.#flushing?.done === done) this.#flushing = undefined;
    });
    this.#flushing = { done, upTo: ended, until };
    return done;
  }

  /** Sends everything, once, within a time limit; rejects if spans are lost by it. */
  shutdown(timeoutMillis = this.#options.shutdownTimeoutMillis): Promise<void> {
    this.#stopping ??= this.#stop(timeoutMillis);
    return this.#stopping;
  }

  async #flush(timeoutMillis: number): Promise<void> {
    this.#reports?.beforeFlush();
    const left = await this.#handover.flush(timeoutMillis);
    if (left > 0)
      throw new Error(
        `the collector is away, ${spanCount(left)} ${left === 1 ? 'waits' : 'wait'} for it`,
      );
  }

  async #stop(timeoutMillis: number): Promise<void> {
    this.#viewer?.stop();
    this.open.endAll('shutdown');
    this.#reports?.beforeEnd();
    this.#isStopped = true;
    const { lost, reason } = await this.#handover.drain(timeoutMillis);
    this.#exits.stop(); // not before: an exit in the middle of a shutdown must still wait
    this.#losses.flush();
    if (lost > 0)
      throw new Error(`${reason}; ${spanCount(lost)} ${lost === 1 ? 'is' : 'are'} lost`);
  }

  /**
   * Without a thread of its own the export needs the loop, which still turns before a natural end. What
   * that takes is taken from the time that the end has: it waits once.
   */
  async #sendWhileLoopTurns(): Promise<void> {
    if (!this.#handover.needsLoop || this.#handover.stats().queued === 0) return;
    const startedAt = performance.now();
    await this.forceFlush(this.#exitMillis).catch(() => undefined); // the end says what is lost
    if (!this.#handover.isStarting) this.#exitMillis -= performance.now() - startedAt;
  }

  /** The process ends now: there are no more events, only this call and those of other listeners. */
  #leave(reason: string): void {
    this.open.endAll(reason);
    this.#reports?.beforeEnd();
    this.#leaving = reason;
    this.#sendLast(reason);
    this.#losses.flush();
  }

  /** Sends at once, for nobody knows whether another span will end: listeners of others come after ours. */
  #sendLast(reason: string): void {
    if (this.#handover.isClosed || this.#handover.stats().queued === 0) return;
    const startedAt = performance.now();
    const lost = this.#handover.drainBlocking(this.#exitMillis);
    this.#exitMillis = Math.max(0, this.#exitMillis - (performance.now() - startedAt));
    if (lost > 0) this.#losses.report(lost, `the process ended (${reason}) before they were sent`);
  }

  #reportDrops(maxQueueSize: number): ReportSchedule {
    const reports = new ReportSchedule({
      stats: () => this.#handover.stats(),
      take: (report) => this.#report(report),
      maxQueueSize,
    });
    this.#losses.listen(() => reports.lost());
    return reports;
  }

  /** A report is a span as any other, but no sampler is asked. */
  #report(report: ReadableSpan): void {
    this.#accounts.start();
    this.#accounts.end();
    this.#handover.take(report);
  }

  #dropLate(): void {
    this.#accounts.drop('shutdown');
    this.#losses.report(1, 'it ended after the module had stopped');
  }
}
