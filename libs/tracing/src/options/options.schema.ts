import { z } from 'zod';
import { httpSchema } from '../http/http.schema.js';

const positiveInteger = z.int('write a whole number').positive('write a number above 0');

const millis = z
  .number('write a number of milliseconds')
  .nonnegative('write a number of milliseconds, 0 or more')
  .finite('write a finite number of milliseconds');

const callback = z.custom((value) => typeof value === 'function', 'write a function');

const text = z.string('write a text').min(1, 'write a text that is not empty, or leave it out');

const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Values of headers are credentials: an error names the header, never what is in it. */
const headers = z
  .custom<Record<string, string>>(isPlainObject, 'write an object of header values')
  .check((context) => {
    for (const [name, value] of Object.entries(context.value)) {
      const fault = headerFault(name, value);
      if (fault !== undefined) {
        context.issues.push({ code: 'custom', input: undefined, path: [name], message: fault });
      }
    }
  });

const endpoint = z
  .string('write a URL such as "http://localhost:4317"')
  .refine(isHttpUrl, 'write a URL with http:// or https://, such as "http://localhost:4317"');

const exporter = z.custom(
  (value) => isExporterName(value) || hasMethods(value, ['export', 'shutdown']),
  'write "otlp-grpc", "otlp-http", "console", "none", or a SpanExporter',
);

const ratio = z.strictObject({
  ratio: z
    .number('write a number from 0 to 1')
    .min(0, 'write a number from 0 to 1')
    .max(1, 'write a number from 0 to 1'),
});

const sampler = z.union(
  [ratio, z.custom((value) => hasMethods(value, ['shouldSample']))],
  'write { ratio: 0.1 } with a number from 0 to 1, or a Sampler',
);

const batch = z.strictObject({
  maxExportBatchSize: positiveInteger.optional(),
  scheduleDelayMillis: millis.optional(),
  maxQueueSize: positiveInteger.optional(),
  exportTimeoutMillis: millis.positive('write a number of milliseconds above 0').optional(),
});

const tls = z.strictObject({
  certificate: text.optional(),
  clientKey: text.optional(),
  clientCertificate: text.optional(),
});

const backend = z.custom(
  (value) =>
    value === 'piscina' ||
    value === 'inline' ||
    (hasMethods(value, ['run', 'close']) && hasCount(value)),
  'write "piscina", "inline", or an OffloadBackend',
);

const count = z.int('write a whole number').nonnegative('write a number, 0 or more');

const detached = z.strictObject({
  maxConcurrent: positiveInteger.optional(),
  maxPending: count.optional(),
  overflow: z
    .enum(['reject', 'run-inline', 'drop-oldest'], 'write "reject", "run-inline" or "drop-oldest"')
    .optional(),
  parent: z.enum(['link', 'child'], 'write "link" or "child"').optional(),
  sampling: z.enum(['inherit', 'independent'], 'write "inherit" or "independent"').optional(),
  baggage: z
    .union([z.boolean(), z.array(z.string())], 'write true, false or an array of baggage keys')
    .optional(),
});

const megabytes = (least: number) =>
  z.number(`write a number of megabytes, ${least} or more`).check((context) => {
    if (context.value >= least && context.value !== Infinity) return;
    const message = `write a number of megabytes, ${least} or more: no worker starts with less`;
    context.issues.push({ code: 'custom', input: context.value, message });
  });

/** Below these a worker cannot start, and far below V8 ends the whole process. Measured on Node 24. */
const resourceLimits = z.strictObject(
  {
    maxOldGenerationSizeMb: megabytes(16).optional(),
    maxYoungGenerationSizeMb: megabytes(1).optional(),
    codeRangeSizeMb: megabytes(1).optional(),
    stackSizeMb: megabytes(0.5).optional(),
  },
  'write an object of limits, such as { maxOldGenerationSizeMb: 256 }',
);

const offload = z.strictObject({
  maxThreads: positiveInteger.optional(),
  maxQueue: count.optional(),
  graceMillis: millis.optional(),
  backend: backend.optional(),
  resourceLimits: resourceLimits.optional(),
});

const record = (cure: string) => z.custom<Record<string, unknown>>(isPlainObject, cure);

/** What `TracingModule` accepts. Each message is the cure; the option's name is put before it. */
export const optionsSchema = z.strictObject({
  serviceName: text.optional(),
  resource: record('write an object of resource attributes').optional(),
  exporter: exporter.optional(),
  endpoint: endpoint.optional(),
  headers: headers.optional(),
  compression: z.enum(['gzip', 'none'], 'write "gzip" or "none"').optional(),
  tls: tls.optional(),
  exportThread: z.enum(['worker', 'main'], 'write "worker" or "main"').optional(),
  batch: batch.optional(),
  sampler: sampler.optional(),
  spanLimits: record('write an object of span limits').optional(),
  errors: callback.optional(),
  http: httpSchema.optional(),
  offload: offload.optional(),
  cancelled: z.enum(['error', 'unset'], 'write "error" or "unset"').optional(),
  detached: detached.optional(),
  shutdownTimeoutMillis: millis.optional(),
  exitTimeoutMillis: millis.optional(),
  reportDrops: z.boolean('write true or false').optional(),
  exitSignals: z.boolean('write true or false').optional(),
  strict: z.boolean('write true or false').optional(),
  sdk: record('write an object of NodeSDK settings').optional(),
});

/** What is wrong with one header, without its value. */
export function headerFault(name: string, value: unknown): string | undefined {
  if (!headerName.test(name)) return 'is no header name: write letters, digits and hyphens';
  if (typeof value !== 'string') return 'write its value as a text';
  return headerValue.test(value)
    ? undefined
    : 'its value holds characters that no header can carry';
}

/** Whether a text is an absolute http(s) URL. */
export function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

function isExporterName(value: unknown): boolean {
  return ['otlp-grpc', 'otlp-http', 'console', 'none'].includes(value as string);
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return methods.every(
    (method) => typeof (value as Record<string, unknown>)[method] === 'function',
  );
}

function hasCount(value: unknown): boolean {
  return typeof (value as { concurrency?: unknown }).concurrency === 'number';
}

function isPlainObject(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
