import { TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { ResolvedOptions } from '../../options/resolve-options.js';
import type { LossReporter } from '../loss-reporter.js';
import type { SpanAccounts } from '../span-accounts.js';
import { ExitWatch } from './exit-watch.js';
import { OpenSpans } from './open-spans.js';
import { ReportSchedule } from './report-schedule.js';
import type { SpanHandover } from './span-handover.js';

type EngineOptions = Pick<
  ResolvedOptions,
  'batch' | 'exitSignals' | 'reportDrops' | 'exitTimeoutMillis' | 'shutdownTimeoutMillis'
>;

/** Where spans leave the SDK for the export engine. Books every one, from its start to its end. */
export class EngineProcessor implements SpanProcessor {
  readonly #handover: SpanHandover;
  readonly #accounts: SpanAccounts;
  readonly #losses: LossReporter;
  readonly #options: EngineOptions;
  readonly #open = new OpenSpans();
  readonly #exits: ExitWatch;
  readonly #reports: ReportSchedule | undefined;
  #flushing: Promise<void> | undefined;
  #flushedUpTo = -1;
  #stopping: Promise<void> | undefined;
  #isStopped = false;

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
    if (options.reportDrops) this.#reports = this.#reportDrops(options.batch.maxQueueSize);
    this.#exits = new ExitWatch((reason) => this.#leave(reason), options.exitSignals);
    this.#exits.onceIdle(() => this.#sendWhileLoopTurns());
  }

  onStart(span: Span): void {
    this.#accounts.start();
    this.#open.add(span);
    this.#reports?.adopt(span.resource);
  }

  onEnd(span: ReadableSpan): void {
    this.#accounts.end();
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) this.#accounts.skip();
    else if (this.#isStopped) this.#dropLate();
    else this.#handover.take(span);
  }

  /** Sends what has ended; rejects if the collector is away. One flush serves all who want the same. */
  forceFlush(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    if (this.#flushing !== undefined && this.#flushedUpTo === this.#accounts.ended)
      return this.#flushing;
    this.#flushedUpTo = this.#accounts.ended;
    const flushing = this.#flush().finally(() => {
      if (this.#flushing === flushing) this.#flushing = undefined;
    });
    this.#flushing = flushing;
    return flushing;
  }

  /** Sends everything, once, within a time limit; rejects if spans are lost by it. */
  shutdown(timeoutMillis = this.#options.shutdownTimeoutMillis): Promise<void> {
    this.#stopping ??= this.#stop(timeoutMillis);
    return this.#stopping;
  }

  async #flush(): Promise<void> {
    this.#reports?.beforeFlush();
    const left = await this.#handover.flush();
    if (left > 0) throw new Error(`the collector is away, ${left} spans wait for it`);
  }

  async #stop(timeoutMillis: number): Promise<void> {
    this.#open.endAll('shutdown');
    this.#reports?.beforeEnd();
    this.#isStopped = true;
    const { lost, reason } = await this.#handover.drain(timeoutMillis);
    this.#exits.stop(); // not before: an exit in the middle of a shutdown must still wait
    this.#losses.flush();
    if (lost > 0) throw new Error(`${reason}; ${lost} spans are lost`);
  }

  /** Without a thread of its own the export needs the loop, which still turns before a natural end. */
  #sendWhileLoopTurns(): void {
    if (this.#handover.needsLoop) void this.forceFlush().catch(() => undefined);
  }

  /** The process ends now: there are no more events, only this call. */
  #leave(reason: string): void {
    this.#open.endAll(reason);
    this.#reports?.beforeEnd();
    this.#isStopped = true;
    const { exitTimeoutMillis } = this.#options;
    const lost = this.#handover.drainBlocking(exitTimeoutMillis);
    if (lost > 0) this.#losses.report(lost, `the process ended (${reason}) before they were sent`);
    this.#losses.flush();
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
