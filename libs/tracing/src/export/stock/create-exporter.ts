import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { ConsoleSpanExporter } from '@opentelemetry/sdk-trace';
import type { ResolvedOptions } from '../../options/resolve-options.js';

/** The exporter that runs behind a stock processor, or undefined if the engine does the export. */
export function createExporter({ exporter }: ResolvedOptions): SpanExporter | undefined {
  if (typeof exporter !== 'string') return exporter;
  return exporter === 'console' ? new ConsoleSpanExporter() : undefined;
}
