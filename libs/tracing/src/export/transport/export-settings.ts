import type { ResolvedOptions } from '../../options/resolve-options.js';
import type { TlsSettings } from '../../options/tls-settings.js';
import type { WatchData } from '../../watchdog/thread/watch-data.interface.js';
import type { ProxyEnvironment } from './proxy-environment.js';
import { proxyEnvironment } from './proxy-environment.js';

/** All that the sending side must know: plain data, so that it can go to another thread. */
export interface ExportSettings {
  readonly protocol: 'otlp-grpc' | 'otlp-http';
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'gzip' | 'none';
  readonly tls: TlsSettings;
  readonly insecure: boolean;
  /** Proxies that Node honours, where it is told to. gRPC has variables of its own. */
  readonly proxyEnv: ProxyEnvironment | undefined;
  readonly maxExportBatchSize: number;
  readonly scheduleDelayMillis: number;
  readonly requestTimeoutMillis: number;
  /** Milliseconds that a connection may take. One that is being made keeps a process alive. */
  readonly connectTimeoutMillis: number;
  /** The heartbeat that a thread of its own watches as well. */
  readonly watch?: WatchData | undefined;
}

/** Picks from the module's options what the sending side needs. */
export function exportSettings({ exporter, otlp, batch }: ResolvedOptions): ExportSettings {
  const { endpoint, headers, compression, tls, insecure, timeoutMillis } = otlp;
  const requestTimeoutMillis = Math.min(batch.exportTimeoutMillis, timeoutMillis);
  return {
    protocol: exporter === 'otlp-http' ? 'otlp-http' : 'otlp-grpc',
    endpoint,
    headers,
    compression,
    tls,
    insecure,
    proxyEnv: proxyEnvironment(process),
    maxExportBatchSize: batch.maxExportBatchSize,
    scheduleDelayMillis: batch.scheduleDelayMillis,
    requestTimeoutMillis,
    connectTimeoutMillis: requestTimeoutMillis,
  };
}
