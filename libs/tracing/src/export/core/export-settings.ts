import type { ResolvedOptions } from '../../options/resolve-options.js';
import type { TlsSettings } from '../../options/tls-settings.js';

/** All that the sending side must know: plain data, so that it can go to another thread. */
export interface ExportSettings {
  readonly protocol: 'otlp-grpc' | 'otlp-http';
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'gzip' | 'none';
  readonly tls: TlsSettings;
  readonly insecure: boolean;
  readonly maxExportBatchSize: number;
  readonly scheduleDelayMillis: number;
  readonly requestTimeoutMillis: number;
}

/** Picks from the module's options what the sending side needs. */
export function exportSettings({ exporter, otlp, batch }: ResolvedOptions): ExportSettings {
  const { endpoint, headers, compression, tls, insecure, timeoutMillis } = otlp;
  return {
    protocol: exporter === 'otlp-http' ? 'otlp-http' : 'otlp-grpc',
    endpoint,
    headers,
    compression,
    tls,
    insecure,
    maxExportBatchSize: batch.maxExportBatchSize,
    scheduleDelayMillis: batch.scheduleDelayMillis,
    requestTimeoutMillis: Math.min(batch.exportTimeoutMillis, timeoutMillis),
  };
}
