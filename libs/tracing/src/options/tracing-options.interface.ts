import type { Attributes } from '@opentelemetry/api';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import type { Sampler, SpanExporter, SpanLimits } from '@opentelemetry/sdk-trace';
import type { AutoTraceOptions } from '../automatic/auto-trace-options.interface.js';
import type { CqrsOptions } from '../cqrs/cqrs-options.interface.js';
import type { GraphqlOptions } from '../graphql/graphql-options.interface.js';
import type { HttpOptions } from '../http/http-options.interface.js';
import type { OffloadModuleOptions } from '../offload/caller/offload-settings.js';
import type { DetachedModuleOptions } from '../detached/detached.interface.js';
import type { RpcOptions } from '../rpc/rpc-options.interface.js';
import type { ErrorPolicy } from '../span/error-policy.js';
import type { WatchdogOptions } from '../watchdog/watchdog-options.interface.js';
import type { WebSocketOptions } from '../websockets/websocket-options.interface.js';
import type { BatchOptions, ExporterName, TlsOptions } from './export-options.interface.js';
import type { SamplerOptions } from './sampler-options.interface.js';
import type { SpanBudgetOptions } from './span-budget-options.interface.js';
import type { ViewerOptions } from './viewer-options.interface.js';

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
  /**
   * `service.name`. Default: OTEL_SERVICE_NAME, else the name in the application's package.json.
   */
  serviceName?: string;
  /** Further resource attributes, over those of OTEL_RESOURCE_ATTRIBUTES and the detectors. */
  resource?: Attributes;
  /**
   * Where spans go. A `SpanExporter` of your own runs behind the stock batch processor. Default:
   * `otlp-grpc`, or what OTEL_TRACES_EXPORTER names.
   */
  exporter?: ExporterName | SpanExporter;
  /**
   * The collector's URL. Default: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT,
   * else port 4317 (gRPC) or 4318 (HTTP) on localhost.
   */
  endpoint?: string;
  /** Headers (gRPC: metadata) of each export. Default: OTEL_EXPORTER_OTLP_HEADERS. Never logged. */
  headers?: Record<string, string>;
  /** Default: OTEL_EXPORTER_OTLP_COMPRESSION, else `none`. */
  compression?: 'gzip' | 'none';
  /**
   * Certificates for an https:// endpoint. Default: OTEL_EXPORTER_OTLP_CERTIFICATE, _CLIENT_KEY and
   * _CLIENT_CERTIFICATE.
   */
  tls?: TlsOptions;
  /**
   * Where the export runs: on a thread of its own, or on the application's, which starts a thread for
   * the last spans only if the process exits or crashes. Where threads are forbidden or cannot start
   * it is `main`, with a warning, and without that. Default: `worker`.
   */
  exportThread?: 'worker' | 'main';
  /** How finished spans are batched. */
  batch?: BatchOptions;
  /**
   * A sampler, or a ratio between 0 and 1 for new traces (their children follow them), with rules for those
   * that begin in some way. Detached work follows its origin instead, unless `detached.sampling` says
   * otherwise. Default: OTEL_TRACES_SAMPLER, else `parentbased_always_on`.
   */
  sampler?: Sampler | SamplerOptions;
  /**
   * Limits of a span. Default: OTEL_SPAN_* and OTEL_ATTRIBUTE_*, else 128 of each and 4096 characters
   * a value.
   */
  spanLimits?: SpanLimits;
  /**
   * Which errors are failures. Default: all but what a caller is told (HTTP exceptions below 500, RPC and
   * WebSocket exceptions), which are recorded with the status left UNSET.
   */
  errors?: ErrorPolicy;
  /** Spans of HTTP requests that come in and go out; `false` for none. Default: true, both. */
  http?: boolean | HttpOptions;
  /** Spans of microservices' messages and calls, both sides; `false` for none. Default: true. */
  microservices?: boolean | RpcOptions;
  /** Spans of the messages that come to gateways; `false` for none. Default: true. */
  websockets?: boolean | WebSocketOptions;
  /** Spans of GraphQL operations; `false` for none. Default: true. */
  graphql?: boolean | GraphqlOptions;
  /** Spans of commands, queries and events of `@nestjs/cqrs`; `false` for none. Default: true. */
  cqrs?: boolean | CqrsOptions;
  /**
   * How many spans one local root may have; `false` for any number. An SDK that you have registered has no
   * such limits, but for `collapseAfter` and `maxErrors`. Default: true.
   */
  spanBudget?: boolean | SpanBudgetOptions;
  /** Spans of the application's own providers and controllers without a decorator. Default: false. */
  autoTrace?: boolean | AutoTraceOptions;
  /** Whether who blocks the event loop is named. Default: true, but not in production. */
  watchdog?: boolean | WatchdogOptions;
  /** Worker threads for `TracingService.offload()`. */
  offload?: OffloadModuleOptions;
  /**
   * Status of the span of a group's child that was cancelled. Default: `error`; its attributes say in
   * either case that it was cancelled, and why.
   */
  cancelled?: 'error' | 'unset';
  /** Limits of detached work, and how it is traced. */
  detached?: DetachedModuleOptions;
  /**
   * One deadline in milliseconds for everything that stopping takes: draining detached work,
   * flushing, stopping the export. Counted from the module's first shutdown hook; the last tenth (1
   * second at most) is the flush's. Default: 10000.
   */
  shutdownTimeoutMillis?: number;
  /**
   * Milliseconds that a process which ends may wait for its last spans; the exit code stays. One that
   * ends while the export thread still starts may wait up to 5 seconds for that, too. Default: 1000.
   */
  exitTimeoutMillis?: number;
  /**
   * Whether SIGTERM and SIGINT send the last spans before they end the process. Stands back where the
   * application listens to the signal. Default: false.
   */
  exitSignals?: boolean;
  /**
   * Whether the collector is told of lost spans too, once it can be reached again: by a span
   * `nestjs-tracing.dropped_spans`, a trace of its own, with the number lost since the start for each
   * reason. At most one per 30 seconds, none where nothing was lost; not for exporters of your own.
   * Default: true.
   */
  reportDrops?: boolean;
  /**
   * Whether spans are shown while they run, on the page of `npx nestjs-tracing-viewer` on this machine: once
   * a second, those that have been open for 250 ms, at most 500, the newest first. A viewer that is not
   * there is no fault, and asked again every five seconds. They are sent as they are by then, before
   * `sdk.spanProcessors` see their end; only where spans go out over OTLP. Default: false.
   */
  viewer?: boolean | ViewerOptions;
  /**
   * Whether tracing that cannot start throws, so that the application does not start either. Default:
   * false, it is reported as an error and the application runs untraced.
   */
  strict?: boolean;
  /** Passed through to NodeSDK: instrumentations, propagator, processors, views, detectors. */
  sdk?: Partial<NodeSDKConfiguration>;
}
