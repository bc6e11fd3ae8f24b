import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadSync, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import type { Telemetry } from '../telemetry.interface.js';
import { decodeLogs } from './decode-logs.js';
import { decodeTraces } from './decode-traces.js';
import type { OtlpLogsRequest, OtlpTraceRequest } from './otlp-message.interface.js';

/** One of the three OTLP services: how it is called, and what its requests bring. */
export interface OtlpService {
  readonly httpPath: string;
  readonly definition: ServiceDefinition;
  /** From protobuf bytes to the message, by the official definitions. */
  decode(body: Buffer): object;
  /** From the message to what the viewer shows. */
  read(message: object): Telemetry;
}

// The package carries the official .proto files; nothing else of it is used here.
const require = createRequire(import.meta.url);
const PROTO_ROOT = dirname(require.resolve('@elastic/mockotlpserver/package.json'));

/** The OTLP services; metrics are accepted and not shown. */
export const OTLP_SERVICES: readonly OtlpService[] = [
  service('trace', 'TraceService', '/v1/traces', (message) => ({
    spans: decodeTraces(message as OtlpTraceRequest),
  })),
  service('logs', 'LogsService', '/v1/logs', (message) => ({
    logs: decodeLogs(message as OtlpLogsRequest),
  })),
  service('metrics', 'MetricsService', '/v1/metrics', () => ({})),
];

function service(
  signal: string,
  name: string,
  httpPath: string,
  read: OtlpService['read'],
): OtlpService {
  const path = `opentelemetry/proto/collector/${signal}/v1/${signal}_service.proto`;
  const options = { includeDirs: [PROTO_ROOT], longs: String };
  const definitions = loadSync(join(PROTO_ROOT, path), options);
  const definition = definitions[
    `opentelemetry.proto.collector.${signal}.v1.${name}`
  ] as ServiceDefinition;
  const { requestDeserialize } = definition['Export'] as MethodDefinition<object, object>;
  return { httpPath, definition, decode: requestDeserialize, read };
}
