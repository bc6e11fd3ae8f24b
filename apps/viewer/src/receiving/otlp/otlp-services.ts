import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSync, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { PACKAGE_ROOT } from '../../package-root.js';
import type { Telemetry } from '../../telemetry.interface.js';
import { decodeLogs } from './decode-logs.js';
import { decodeTraces } from './decode-traces.js';
import { asFields } from './fields.js';
import { Refusal } from '../refusal.error.js';
import { WireCheck } from './wire-check.js';
import { LOGS_REQUEST, METRICS_REQUEST, TRACE_REQUEST, type WireLayout } from './wire-layout.js';

/** One of the three OTLP services: how it is called, and what its requests bring. */
export interface OtlpService {
  readonly httpPath: string;
  readonly grpcPath: string;
  /** From protobuf bytes to the message, by the official definitions. */
  decode(body: Buffer): unknown;
  /** From the message, whatever it is, to what the viewer shows. */
  read(message: unknown): Telemetry;
}

/** As much of a service as HTTP needs. */
export type HttpService = Omit<OtlpService, 'grpcPath'>;

const PROTO_ROOT = protoRoot();

const TRACES = service('trace', 'TraceService', '/v1/traces', TRACE_REQUEST, (message) => ({
  spans: decodeTraces(message),
}));

/** The OTLP services; metrics are accepted and not shown. */
export const OTLP_SERVICES: readonly OtlpService[] = [
  TRACES,
  service('logs', 'LogsService', '/v1/logs', LOGS_REQUEST, (message) => ({
    logs: decodeLogs(message),
  })),
  {
    ...service('metrics', 'MetricsService', '/v1/metrics', METRICS_REQUEST, readNothing),
    decode: checkedMetrics,
  },
];

/** What is taken over HTTP: spans that have not ended, too, in the form of those that have. */
export const HTTP_SERVICES: readonly HttpService[] = [
  ...OTLP_SERVICES,
  {
    httpPath: '/v1/traces/open',
    decode: TRACES.decode,
    read: (message) => ({ open: decodeTraces(message) }),
  },
];

/** The official .proto files: beside what is packed, else in the package that carries them. */
function protoRoot(): string {
  const packed = fileURLToPath(new URL('proto', PACKAGE_ROOT));
  if (existsSync(packed)) return packed;
  const { resolve } = createRequire(import.meta.url);
  return dirname(resolve('@elastic/mockotlpserver/package.json'));
}

function service(
  signal: string,
  name: string,
  httpPath: string,
  layout: WireLayout,
  read: OtlpService['read'],
): OtlpService {
  const path = `opentelemetry/proto/collector/${signal}/v1/${signal}_service.proto`;
  const options = { includeDirs: [PROTO_ROOT], longs: String };
  const definitions = loadSync(join(PROTO_ROOT, path), options);
  const fullName = `opentelemetry.proto.collector.${signal}.v1.${name}`;
  const definition = definitions[fullName] as ServiceDefinition;
  const { requestDeserialize } = definition['Export'] as MethodDefinition<object, object>;
  const decode = (body: Buffer) => decodeChecked(body, layout, requestDeserialize);
  return { httpPath, grpcPath: `/${fullName}/Export`, decode, read };
}

function decodeChecked(
  body: Buffer,
  layout: WireLayout,
  decode: (body: Buffer) => unknown,
): unknown {
  new WireCheck(body).run(layout);
  try {
    return decode(body);
  } catch (cause) {
    throw new Refusal('malformed', 'The body is no message of this service.', { cause });
  }
}

/** What is not shown need not be made: an empty message stands for it. */
function checkedMetrics(body: Buffer): unknown {
  new WireCheck(body).run(METRICS_REQUEST);
  return {};
}

function readNothing(message: unknown): Telemetry {
  asFields(message, 'request');
  return {};
}
