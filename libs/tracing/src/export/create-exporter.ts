import { Metadata } from '@grpc/grpc-js';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as HttpTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { ConsoleSpanExporter } from '@opentelemetry/sdk-trace';
import type { ResolvedOptions } from '../options/resolve-options.js';

/** The exporter that the options name, or undefined for `none`. */
export function createExporter(options: ResolvedOptions): SpanExporter | undefined {
  const { exporter } = options;
  if (typeof exporter !== 'string') return exporter;
  if (exporter === 'none') return undefined;
  if (exporter === 'console') return new ConsoleSpanExporter();
  return exporter === 'otlp-http' ? httpExporter(options) : grpcExporter(options);
}

function grpcExporter(options: ResolvedOptions): SpanExporter {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(options.otlp.headers)) metadata.set(name, value);
  return new GrpcTraceExporter({ ...commonSettings(options), metadata });
}

function httpExporter(options: ResolvedOptions): SpanExporter {
  return new HttpTraceExporter({
    ...commonSettings(options),
    headers: { ...options.otlp.headers },
  });
}

/** A flush sends the whole queue at once, so all its batches must be allowed on their way together. */
function commonSettings({ otlp, batch }: ResolvedOptions) {
  return {
    url: otlp.endpoint,
    compression:
      otlp.compression === 'gzip' ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE,
    concurrencyLimit: Math.max(30, Math.ceil(batch.maxQueueSize / batch.maxExportBatchSize) + 1),
  };
}
