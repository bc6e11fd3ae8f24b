import type { ExportResult } from '@opentelemetry/core';
import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { ExportState } from '../accounts/export-state.js';
import type { LossReporter } from '../accounts/loss-reporter.js';
import type { SpanAccounts } from '../accounts/span-accounts.js';
import { LeanSpan } from '../../tracer/lean-span.js';

/** Passes spans on to an exporter and books what became of them. */
export class CountingExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #accounts: SpanAccounts;
  readonly #losses: LossReporter;
  readonly #state: ExportState;

  constructor(
    exporter: SpanExporter,
    accounts: SpanAccounts,
    losses: LossReporter,
    state: ExportState,
  ) {
    this.#exporter = exporter;
    this.#accounts = accounts;
    this.#losses = losses;
    this.#state = state;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    const book = (result: ExportResult): void => {
      if (result.code === ExportResultCode.SUCCESS) this.#settle(spans.length);
      else this.#lose(spans.length, result.error);
      done(result);
    };
    // The exporter may copy them as it copies the SDK's spans.
    for (const span of spans) if (LeanSpan.is(span)) span.exposeFields();
    try {
      this.#exporter.export(spans, book);
    } catch (error) {
      book({ code: ExportResultCode.FAILED, error: error as Error });
    }
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  #settle(count: number): void {
    this.#accounts.exported(count);
    this.#state.answered();
  }

  #lose(count: number, error: Error | undefined): void {
    const reason = `the export failed (${error?.message ?? 'no reason given'})`;
    this.#accounts.lose('export_failed', count);
    this.#losses.report(count, reason);
    this.#state.away(reason);
  }
}
