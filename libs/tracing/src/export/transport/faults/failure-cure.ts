import { isOnThisMachine } from '../../../options/otlp-endpoint.js';
import { isTlsFailure } from './connection-failure.js';
import type { ExportSettings } from '../export-settings.js';
import type { SendFailure } from '../transport.interface.js';

type Destination = Pick<ExportSettings, 'protocol' | 'endpoint'>;

const WELL_KNOWN_PORT = { 'otlp-grpc': '4317', 'otlp-http': '4318' } as const;
const VIEWER_OPTIONS = { 'otlp-grpc': '--grpc-port', 'otlp-http': '--port' } as const;
const NAMES = { 'otlp-grpc': 'OTLP/gRPC', 'otlp-http': 'OTLP/HTTP' } as const;

/** Returns the endpoint without its credentials and its query, for people. */
export function shownEndpoint(endpoint: string): string {
  if (!endpoint.includes('://') || !URL.canParse(endpoint)) return endpoint;
  const { protocol, host, pathname } = new URL(endpoint);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

/** Returns what is likely to help against a failure, for people, or undefined if nobody can tell. */
export function cureOf(failure: SendFailure, destination: Destination): string | undefined {
  const { cause, reason } = failure;
  if (cause === 'response') return cureOfResponse(reason, destination);
  const other = otherProtocol(destination);
  const change = `set the option exporter to '${other}', or correct the endpoint`;
  if (isOtherPort(destination))
    return `port ${WELL_KNOWN_PORT[other]} is ${NAMES[other]}: ${change}`;
  if (cause === 'foreign') return `what answers is no ${NAMES[destination.protocol]}: ${change}`;
  return cause === 'silent' ? undefined : cureOfConnection(reason, destination);
}

function cureOfConnection(reason: string, destination: Destination): string | undefined {
  if (reason.includes('ECONNREFUSED')) {
    const start = viewerCommand(destination) ?? 'start a collector';
    return `nothing listens there: ${start}, or set the option endpoint`;
  }
  if (/ENOTFOUND|EAI_/.test(reason)) return 'its name is not known: correct the option endpoint';
  if (isTlsFailure(reason)) return 'TLS failed: see the option tls';
  return undefined;
}

function cureOfResponse(reason: string, { protocol }: Destination): string | undefined {
  if (/^HTTP (404|405)/.test(reason))
    return 'OTLP is elsewhere: its path is /v1/traces, which is added where the option endpoint has none';
  if (/^(HTTP 40[13]|UNAUTHENTICATED|PERMISSION_DENIED)/.test(reason))
    return 'see the option headers';
  if (protocol === 'otlp-grpc' && reason.startsWith('UNIMPLEMENTED'))
    return 'what listens there takes no traces over gRPC: correct the endpoint';
  return undefined;
}

function otherProtocol({ protocol }: Destination): keyof typeof NAMES {
  return protocol === 'otlp-grpc' ? 'otlp-http' : 'otlp-grpc';
}

/** How to start what shows traces on this machine, or undefined if the endpoint is another machine. */
function viewerCommand({ endpoint, protocol }: Destination): string | undefined {
  const address = endpoint.includes('://') ? endpoint : `http://${endpoint}`;
  if (!URL.canParse(address)) return undefined;
  const { hostname, port } = new URL(address);
  if (!isOnThisMachine(hostname)) return undefined;
  const isUsual = port === WELL_KNOWN_PORT[protocol];
  const option = isUsual ? '' : ` ${VIEWER_OPTIONS[protocol]} ${port || '80'}`;
  return `start a collector, or see your traces with npx nestjs-tracing-viewer${option}`;
}

/** Whether the port is the one that everybody knows as the other protocol's. */
function isOtherPort(destination: Destination): boolean {
  const { endpoint } = destination;
  const port = WELL_KNOWN_PORT[otherProtocol(destination)];
  const shown = shownEndpoint(endpoint);
  return shown.endsWith(`:${port}`) || shown.includes(`:${port}/`);
}
