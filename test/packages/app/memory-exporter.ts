import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

/** An exporter as an application would write its own. */
export class MemoryExporter implements SpanExporter {
  readonly spans: ReadableSpan[] = [];

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.spans.push(...spans);
    done({ code: ExportResultCode.SUCCESS });
  }

  async shutdown(): Promise<void> {}

  async forceFlush(): Promise<void> {}

  one(name: string): ReadableSpan {
    const [span, ...others] = this.spans.filter((candidate) => candidate.name === name);
    if (span !== undefined && others.length === 0) return span;
    const names = this.spans.map((candidate) => candidate.name).join(', ');
    throw new Error(`Not exactly one span "${name}" among: ${names || 'none'}`);
  }
}
