import type { Attributes } from '@opentelemetry/api';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import type { Sampler, SpanExporter, SpanLimits } from '@opentelemetry/sdk-trace';
import type { HttpOptions } from '../http/http-options.interface.js';
import type { OffloadModuleOptions } from '../offload/offload-settings.js';
import type { DetachedModuleOptions } from '../detached/detached.interface.js';
import type { ErrorPolicy } from '../span/error-policy.js';

/**
 * Options of `TracingModule`. Every one is optional; OTEL_* variables are honoured where named.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({
 *   serviceName: 'orders',
 *   endpoint: 'http://collector:4317',
 *   sampler: { ratio: 0.1 },
 *   http: { incoming: { ignore: ['/health'] } },
 * });
 * ```
 */
export interface TracingModuleOptions {
  /** `service.name`. Default: OTEL_SERVICE_NAME, else the name in the application's package.json. */
  serviceName?: string;
  /** Further resource attributes, over those of OTEL_RESOURCE_ATTRIBUTES and the detectors. */
  resource?: Attributes;
  /** Where spans go. A `SpanExporter` of your own runs behind the stock batch processor. Default: `otlp-grpc`, or what OTEL_TRACES_EXPORTER names. */
  exporter?: ExporterName | SpanExporter;
  /** The collector's URL. Default: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT, else port 4317 (gRPC) or 4318 (HTTP) on localhost. */
  endpoint?: string;
  /** Headers (gRPC: metadata) of each export. Default: OTEL_EXPORTER_OTLP_HEADERS. Never logged. */
  headers?: Record<string, string>;
  /** Default: OTEL_EXPORTER_OTLP_COMPRESSION, else `none`. */
  compression?: 'gzip' | 'none';
  /** Certificates for an https:// endpoint. Default: OTEL_EXPORTER_OTLP_CERTIFICATE, _CLIENT_KEY and _CLIENT_CERTIFICATE. */
  tls?: TlsOptions;
  /** Where the export runs: on a thread of its own, or on the application's, which starts a thread for the last spans only if the process exits or crashes. Where threads are forbidden or cannot start it is `main`, with a warning, and without that. Default: `worker`. */
  exportThread?: 'worker' | 'main';
  /** How finished spans are batched. */
  batch?: BatchOptions;
  /** A sampler, or a ratio between 0 and 1 for new traces (their children follow them). Detached work follows its origin instead, unless `detached.sampling` says otherwise. Default: OTEL_TRACES_SAMPLER, else `parentbased_always_on`. */
  sampler?: Sampler | { readonly ratio: number };
  /** Limits of a span. Default: OTEL_SPAN_* and OTEL_ATTRIBUTE_*, else 128 of each and 4096 characters a value. */
  spanLimits?: SpanLimits;
  /** Which errors are failures. Default: all but HTTP exceptions below 500, which are recorded with the status left UNSET. */
  errors?: ErrorPolicy;
  /** Spans of HTTP requests that come in and go out; `false` for none. Default: true, both. */
  http?: boolean | HttpOptions;
  /** Worker threads for `TracingService.offload()`. */
  offload?: OffloadModuleOptions;
  /** Status of the span of a group's child that was cancelled. Default: `error`; its attributes say in either case that it was cancelled, and why. */
  cancelled?: 'error' | 'unset';
  /** Limits of detached work, and how it is traced. */
  detached?: DetachedModuleOptions;
  /** One deadline in milliseconds for everything that stopping takes: draining detached work, flushing, stopping the export. Counted from the module's first shutdown hook; the last tenth (1 second at most) is the flush's. Default: 10000. */
  shutdownTimeoutMillis?: number;
  /** Milliseconds that a process which ends may wait for its last spans; the exit code stays. One that ends while the export thread still starts may wait as long again for that. Default: 1000. */
  exitTimeoutMillis?: number;
  /** Whether SIGTERM and SIGINT send the last spans before they end the process. Stands back where the application listens to the signal. Default: false. */
  exitSignals?: boolean;
  /** Whether the collector is told of lost spans too, once it can be reached again: by a span `nestjs-tracing.dropped_spans`, a trace of its own, with the number lost since the start for each reason. At most one per 30 seconds, none where nothing was lost; not for exporters of your own. Default: true. */
  reportDrops?: boolean;
  /** Whether tracing that cannot start throws, so that the application does not start either. Default: false, it is reported as an error and the application runs untraced. */
  strict?: boolean;
  /** Passed through to NodeSDK: instrumentations, propagator, processors, views, detectors. */
  sdk?: Partial<NodeSDKConfiguration>;
}

/**
 * PEM files, by the names of OpenTelemetry's variables.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({
 *   endpoint: 'https://collector.corp.example:4317',
 *   tls: { certificate: '/etc/tls/ca.pem', clientKey: '/etc/tls/key.pem', clientCertificate: '/etc/tls/cert.pem' },
 * });
 * ```
 */
export interface TlsOptions {
  /** Path of the certificates that the collector's is checked against. Default: OTEL_EXPORTER_OTLP_CERTIFICATE, else those of the system. */
  certificate?: string;
  /** Path of this client's private key, for mTLS. Default: OTEL_EXPORTER_OTLP_CLIENT_KEY. */
  clientKey?: string;
  /** Path of this client's certificate, for mTLS. Default: OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE. */
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
  /** Spans in one export. Larger batches cut export calls but raise per-flush latency and memory. Default: OTEL_BSP_MAX_EXPORT_BATCH_SIZE, else 512. */
  maxExportBatchSize?: number;
  /** Milliseconds between exports. Lower for fresher data, higher to coalesce bursts. Default: OTEL_BSP_SCHEDULE_DELAY, else 5000. */
  scheduleDelayMillis?: number;
  /** Finished spans held in memory; those on their way included; beyond it, or beyond 32 MiB, spans are dropped and counted. Default: OTEL_BSP_MAX_QUEUE_SIZE, else 2048. */
  maxQueueSize?: number;
  /** Milliseconds that one export may take. A request is given up after as much, or after OTEL_EXPORTER_OTLP_TIMEOUT (10000) if that is less. Default: OTEL_BSP_EXPORT_TIMEOUT, else 30000. */
  exportTimeoutMillis?: number;
}
