import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { TracingConfigurationError } from '../configuration.error.js';
import {
  hasMethods,
  millis,
  objectOf,
  positiveCount,
  text,
  valueOf,
} from '../validation/checks.js';
import { flag, oneOf } from '../validation/checks.js';
import { optionSchema } from '../validation/option-schema.js';
import { countFromEnv, millisFromEnv, variable } from './environment.js';
import { endpointFault } from './otlp-endpoint.js';
import { headerFault } from './otlp-headers.js';
import { viewerSchema } from './viewer.js';
import type { BatchOptions, ExporterName, TlsOptions } from './export-options.interface.js';

const NAMES: readonly unknown[] = ['otlp-grpc', 'otlp-http', 'console', 'none'];

const exporter = valueOf<ExporterName | SpanExporter>(
  (value) => NAMES.includes(value) || hasMethods(value, 'export', 'shutdown'),
  'write "otlp-grpc", "otlp-http", "console", "none", or a SpanExporter',
);

const endpoint = text.check((context) => {
  const message = endpointFault(context.value);
  if (message !== undefined) context.issues.push({ code: 'custom', input: undefined, message });
});

/** An error names the header, never what is in it. */
const headers = objectOf<Record<string, string>>('write an object of header values').check(
  (context) => {
    for (const [name, value] of Object.entries(context.value)) {
      const message = headerFault(name, value);
      if (message === undefined) continue;
      context.issues.push({ code: 'custom', input: undefined, path: [name], message });
    }
  },
);

const tlsSchema = optionSchema<TlsOptions>()({
  certificate: text.optional().describe("OTEL_EXPORTER_OTLP_CERTIFICATE, else the system's"),
  clientKey: text.optional().describe('OTEL_EXPORTER_OTLP_CLIENT_KEY'),
  clientCertificate: text.optional().describe('OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE'),
});

const batchSchema = optionSchema<BatchOptions>()({
  maxExportBatchSize: positiveCount
    .default(() => countFromEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE') ?? 512)
    .describe('OTEL_BSP_MAX_EXPORT_BATCH_SIZE'),
  scheduleDelayMillis: millis
    .default(() => millisFromEnv('OTEL_BSP_SCHEDULE_DELAY') ?? 5000)
    .describe('OTEL_BSP_SCHEDULE_DELAY'),
  maxQueueSize: positiveCount
    .default(() => countFromEnv('OTEL_BSP_MAX_QUEUE_SIZE') ?? 2048)
    .describe('OTEL_BSP_MAX_QUEUE_SIZE'),
  exportTimeoutMillis: millis
    .positive('write a number of milliseconds above 0')
    .default(() => millisFromEnv('OTEL_BSP_EXPORT_TIMEOUT') ?? 30_000)
    .describe('OTEL_BSP_EXPORT_TIMEOUT'),
});

/** How finished spans leave the process. Variables are read where an option is left out. */
export const exportChecks = {
  exporter: exporter
    .optional()
    .describe("OTEL_TRACES_EXPORTER and OTEL_EXPORTER_OTLP_PROTOCOL, else 'otlp-grpc'"),
  endpoint: endpoint
    .optional()
    .describe(
      'OTEL_EXPORTER_OTLP_ENDPOINT, else http://localhost:4317 (gRPC), ' +
        'http://localhost:4318/v1/traces (HTTP)',
    ),
  headers: headers.optional().describe('OTEL_EXPORTER_OTLP_HEADERS, else none'),
  compression: oneOf('gzip', 'none')
    .default(compressionFromEnv)
    .describe('OTEL_EXPORTER_OTLP_COMPRESSION'),
  tls: tlsSchema.prefault({}),
  exportThread: oneOf('worker', 'main').default('worker'),
  batch: batchSchema.prefault({}),
  exitTimeoutMillis: millis.default(1000),
  exitSignals: flag.default(false),
  reportDrops: flag.default(true),
  viewer: viewerSchema.prefault(false),
} as const;

function compressionFromEnv(): 'gzip' | 'none' {
  const given = variable('OTEL_EXPORTER_OTLP_TRACES_COMPRESSION', 'OTEL_EXPORTER_OTLP_COMPRESSION');
  const value = given?.value.toLowerCase() ?? 'none';
  if (value === 'gzip' || value === 'none') return value;
  throw new TracingConfigurationError(given?.name ?? '', 'write "gzip" or "none"');
}
