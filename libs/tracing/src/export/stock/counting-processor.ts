import type { Context } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { isSampled } from '../../tracer/sampling/is-sampled.js';
import type { LossReporter } from '../accounts/loss-reporter.js';
import type { SpanAccounts } from '../accounts/span-accounts.js';

/**
 * Stands before the batch processor, keeps its queue bounded and books every span. The stock
 * processor drops in silence, so it is never given more than its queue holds.
 */
export class CountingProcessor implements SpanProcessor {
  readonly #next: SpanProcessor;
  readonly #accounts: SpanAccounts;
  readonly #losses: LossReporter;
  readonly #maxQueueSize: number;
  #stopped = false;

  constructor(
    next: SpanProcessor,
    accounts: SpanAccounts,
    losses: LossReporter,
    maxQueueSize: number,
  ) {
    this.#next = next;
    this.#accounts = accounts;
    this.#losses = losses;
    this.#maxQueueSize = maxQueueSize;
  }

  onStart(span: Span, parent: Context): void {
    this.#accounts.start();
    this.#next.onStart(span, parent);
  }

  onEnd(span: ReadableSpan): void {
    this.#accounts.end();
    if (!isSampled(span)) {
      this.#accounts.skip();
    } else if (this.#stopped) {
      this.#accounts.drop('shutdown');
      this.#losses.report(1, 'it ended after the module had stopped');
    } else if (this.#accounts.queued >= this.#maxQueueSize) {
      this.#accounts.drop('queue_full');
      this.#losses.report(1, `the queue is full (batch.maxQueueSize ${this.#maxQueueSize})`);
    } else {
      this.#accounts.enqueue();
      this.#next.onEnd(span);
    }
  }

  forceFlush(): Promise<void> {
    return this.#next.forceFlush();
  }

  shutdown(): Promise<void> {
    this.#stopped = true;
    return this.#next.shutdown();
  }
}
