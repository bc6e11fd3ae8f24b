import type { ExportResult } from '@opentelemetry/core';
import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { LossReporter } from './loss-reporter.js';
import type { SpanAccounts } from './span-accounts.js';

/** Passes spans on to an exporter and books what became of them. */
export class CountingExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #accounts: SpanAccounts;
  readonly #losses: LossReporter;

  constructor(exporter: SpanExporter, accounts: SpanAccounts, losses: LossReporter) {
    this.#exporter = exporter;
    this.#accounts = accounts;
    this.#losses = losses;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    const book = (result: ExportResult): void => {
      if (result.code === ExportResultCode.SUCCESS) this.#accounts.exported(spans.length);
      else this.#lose(spans.length, result.error);
      done(result);
    };
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

  #lose(count: number, error: Error | undefined): void {
    this.#accounts.lose('export_failed', count);
    this.#losses.report(count, `the export failed (${error?.message ?? 'no reason given'})`);
  }
}
