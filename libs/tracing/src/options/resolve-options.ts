import { getNumberFromEnv, getStringFromEnv, getStringListFromEnv } from '@opentelemetry/core';
import type { SpanExporter, SpanLimits } from '@opentelemetry/sdk-trace';
import { resolveHttpOptions } from '../http/resolve-http-options.js';
import type { ResolvedHttpOptions } from '../http/resolve-http-options.js';
import { resolveOffload } from '../offload/offload-settings.js';
import type { OffloadSettings } from '../offload/offload-settings.js';
import { classifyHttpErrors } from '../span/error-policy.js';
import type { ErrorPolicy } from '../span/error-policy.js';
import type { ResolvedDetached } from '../detached/detached-settings.js';
import { resolveDetached } from '../detached/detached-settings.js';
import { TracingConfigurationError } from './configuration.error.js';
import { applicationName } from './application-name.js';
import { otlpSettings } from './otlp-settings.js';
import type { OtlpSettings } from './otlp-settings.js';
import type {
  BatchOptions,
  ExporterName,
  TracingModuleOptions,
} from './tracing-options.interface.js';

/** The module's options with every default filled in, the OTEL_* variables read. */
export interface ResolvedOptions {
  readonly serviceName: string | undefined;
  readonly exporter: ExporterName | SpanExporter;
  readonly otlp: OtlpSettings;
  readonly batch: Required<BatchOptions>;
  readonly spanLimits: SpanLimits;
  readonly errors: ErrorPolicy;
  readonly http: ResolvedHttpOptions;
  readonly offload: OffloadSettings;
  readonly cancelled: 'error' | 'unset';
  readonly detached: ResolvedDetached;
  readonly shutdownTimeoutMillis: number;
  readonly exportThread: 'worker' | 'main';
  readonly exitTimeoutMillis: number;
  readonly exitSignals: boolean;
  readonly reportDrops: boolean;
  readonly given: TracingModuleOptions;
}

/** What concerns the application's work, traced or not. */
export type WorkOptions = Pick<
  ResolvedOptions,
  'errors' | 'cancelled' | 'detached' | 'offload' | 'http' | 'spanLimits' | 'shutdownTimeoutMillis'
>;

/**
 * The one place where defaults are merged: an option goes before its variable, the variable before
 * the default that the option's doc names.
 *
 * @throws TracingConfigurationError if a variable, or options together, cannot be used
 */
export function resolveOptions(given: TracingModuleOptions): ResolvedOptions {
  const exporter = given.exporter ?? exporterFromEnv();
  return {
    serviceName: given.serviceName ?? serviceNameFromEnv() ?? applicationName(),
    exporter,
    otlp: otlpSettings(given, exporter === 'otlp-http' ? 'otlp-http' : 'otlp-grpc'),
    batch: resolveBatch(given.batch ?? {}),
    ...resolveWork(given),
    spanLimits: resolveSpanLimits(given.spanLimits ?? {}),
    exportThread: given.exportThread ?? 'worker',
    exitTimeoutMillis: given.exitTimeoutMillis ?? 1000,
    exitSignals: given.exitSignals ?? false,
    reportDrops: given.reportDrops ?? true,
    given,
  };
}

/** The part that nothing in the environment can spoil: it holds where tracing cannot start, too. */
export function resolveWork(given: TracingModuleOptions): WorkOptions {
  return {
    errors: given.errors ?? classifyHttpErrors,
    cancelled: given.cancelled ?? 'error',
    detached: resolveDetached(given.detached),
    offload: resolveOffload(given.offload),
    http: resolveHttpOptions(given.http),
    spanLimits: given.spanLimits ?? {},
    shutdownTimeoutMillis: given.shutdownTimeoutMillis ?? 10_000,
  };
}

function resolveBatch(batch: BatchOptions): Required<BatchOptions> {
  const maxQueueSize = batch.maxQueueSize ?? countFromEnv('OTEL_BSP_MAX_QUEUE_SIZE') ?? 2048;
  const maxExportBatchSize =
    batch.maxExportBatchSize ??
    countFromEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE') ??
    Math.min(512, maxQueueSize);
  if (maxExportBatchSize > maxQueueSize) {
    throw new TracingConfigurationError(
      'batch.maxExportBatchSize',
      `${maxExportBatchSize} is more than batch.maxQueueSize, which is ${maxQueueSize}: ` +
        'write a smaller batch or a larger queue',
    );
  }
  return {
    maxQueueSize,
    maxExportBatchSize,
    scheduleDelayMillis:
      batch.scheduleDelayMillis ?? countFromEnv('OTEL_BSP_SCHEDULE_DELAY') ?? 5000,
    exportTimeoutMillis:
      batch.exportTimeoutMillis ?? countFromEnv('OTEL_BSP_EXPORT_TIMEOUT') ?? 30_000,
  };
}

function resolveSpanLimits(limits: SpanLimits): SpanLimits {
  const valueLength =
    countFromEnv('OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT') ??
    countFromEnv('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT') ??
    4096;
  const count =
    countFromEnv('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT') ??
    countFromEnv('OTEL_ATTRIBUTE_COUNT_LIMIT') ??
    128;
  return { attributeValueLengthLimit: valueLength, attributeCountLimit: count, ...limits };
}

/** Variables that are no numbers are ignored with a warning, as the specification has it. */
function countFromEnv(name: string): number | undefined {
  const value = getNumberFromEnv(name);
  return value !== undefined && value >= 0 ? value : undefined;
}

function serviceNameFromEnv(): string | undefined {
  const attributes = getStringFromEnv('OTEL_RESOURCE_ATTRIBUTES') ?? '';
  const fromAttributes = /(?:^|,)\s*service\.name\s*=\s*([^,]+)/.exec(attributes)?.[1]?.trim();
  return getStringFromEnv('OTEL_SERVICE_NAME') ?? fromAttributes;
}

function exporterFromEnv(): ExporterName {
  const [name] = getStringListFromEnv('OTEL_TRACES_EXPORTER') ?? [];
  if (name === undefined || name === 'otlp') return protocolFromEnv();
  if (name === 'console' || name === 'none') return name;
  throw new TracingConfigurationError(
    'OTEL_TRACES_EXPORTER',
    `"${name}" is not supported: write "otlp", "console" or "none", or give a SpanExporter as option exporter`,
  );
}

function protocolFromEnv(): ExporterName {
  const name = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'].find(
    (candidate) => getStringFromEnv(candidate) !== undefined,
  );
  const protocol = name === undefined ? 'grpc' : getStringFromEnv(name);
  if (protocol === 'grpc') return 'otlp-grpc';
  if (protocol === 'http/protobuf') return 'otlp-http';
  throw new TracingConfigurationError(
    name ?? '',
    `"${protocol}" is not supported: write "grpc" or "http/protobuf"`,
  );
}
