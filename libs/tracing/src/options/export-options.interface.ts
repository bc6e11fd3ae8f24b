/**
 * PEM files, by the names of OpenTelemetry's variables.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({
 *   endpoint: 'https://collector.corp.example:4317',
 *   tls: {
 *     certificate: '/etc/tls/ca.pem',
 *     clientKey: '/etc/tls/key.pem',
 *     clientCertificate: '/etc/tls/cert.pem',
 *   },
 * });
 * ```
 */
export interface TlsOptions {
  /**
   * Path of the certificates that the collector's is checked against. Default:
   * OTEL_EXPORTER_OTLP_CERTIFICATE, else those of the system.
   */
  certificate?: string;
  /** Path of this client's private key, for mTLS. Default: OTEL_EXPORTER_OTLP_CLIENT_KEY. */
  clientKey?: string;
  /**
   * Path of this client's certificate, for mTLS. Default: OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE.
   */
  clientCertificate?: string;
}

/**
 * The exporters that have a name.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ exporter: process.env.CI ? 'none' : 'otlp-http' });
 * ```
 */
export type ExporterName = 'otlp-grpc' | 'otlp-http' | 'console' | 'none';

/**
 * The batch processor's settings, by OpenTelemetry's names.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ batch: { scheduleDelayMillis: 1000, maxQueueSize: 8192 } });
 * ```
 */
export interface BatchOptions {
  /**
   * Spans in one export. Larger batches cut export calls but raise per-flush latency and memory.
   * Default: OTEL_BSP_MAX_EXPORT_BATCH_SIZE, else 512.
   */
  maxExportBatchSize?: number;
  /**
   * Milliseconds between exports. Lower for fresher data, higher to coalesce bursts. Default:
   * OTEL_BSP_SCHEDULE_DELAY, else 5000.
   */
  scheduleDelayMillis?: number;
  /**
   * Finished spans held in memory; those on their way included; beyond it, or beyond 32 MiB, spans
   * are dropped and counted. Default: OTEL_BSP_MAX_QUEUE_SIZE, else 2048.
   */
  maxQueueSize?: number;
  /**
   * Milliseconds that one export may take. A request is given up after as much, or after
   * OTEL_EXPORTER_OTLP_TIMEOUT (10000) if that is less. Default: OTEL_BSP_EXPORT_TIMEOUT, else 30000.
   */
  exportTimeoutMillis?: number;
}
