import {
  getBooleanFromEnv,
  getNumberFromEnv,
  getStringFromEnv,
  parseKeyPairsIntoRecord,
} from '@opentelemetry/core';
import { TracingConfigurationError } from './configuration.error.js';
import { headerFault, isHttpUrl } from './options.schema.js';
import { tlsSettings } from './tls-settings.js';
import type { TlsSettings } from './tls-settings.js';
import type { TracingModuleOptions } from './tracing-options.interface.js';

/** Where and how OTLP goes out. */
export interface OtlpSettings {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'gzip' | 'none';
  readonly tls: TlsSettings;
  /** Whether an endpoint without a scheme is spoken to in the clear. */
  readonly insecure: boolean;
  /** How long one request may take. */
  readonly timeoutMillis: number;
}

const PREFIX = 'OTEL_EXPORTER_OTLP_';

const DEFAULT_ENDPOINT = {
  'otlp-grpc': 'http://localhost:4317',
  'otlp-http': 'http://localhost:4318/v1/traces',
} as const;

/**
 * Merges the options with OTEL_EXPORTER_OTLP_[TRACES_]*; the variable for traces goes first.
 *
 * @throws TracingConfigurationError if a variable is malformed
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function otlpSettings(
  given: Pick<TracingModuleOptions, 'endpoint' | 'headers' | 'compression' | 'tls'>,
  protocol: 'otlp-grpc' | 'otlp-http',
): OtlpSettings {
  return {
    endpoint: given.endpoint ?? endpointFromEnv(protocol) ?? DEFAULT_ENDPOINT[protocol],
    headers: { ...headersFromEnv(), ...given.headers },
    compression: given.compression ?? compressionFromEnv(),
    tls: tlsSettings(given.tls ?? {}),
    insecure: insecureFromEnv(),
    timeoutMillis: timeoutFromEnv() ?? 10_000,
  };
}

function insecureFromEnv(): boolean {
  const traces = `${PREFIX}TRACES_INSECURE`;
  const name = getStringFromEnv(traces) === undefined ? `${PREFIX}INSECURE` : traces;
  return getBooleanFromEnv(name) ?? false;
}

function timeoutFromEnv(): number | undefined {
  const named = ['TRACES_TIMEOUT', 'TIMEOUT'].map((name) => getNumberFromEnv(`${PREFIX}${name}`));
  return named.find((millis) => millis !== undefined && millis > 0);
}

/** Over HTTP the general endpoint is a base, to which the signal's path is added. */
function endpointFromEnv(protocol: 'otlp-grpc' | 'otlp-http'): string | undefined {
  const traces = urlFromEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', protocol);
  if (traces !== undefined) return traces;
  const base = urlFromEnv('OTEL_EXPORTER_OTLP_ENDPOINT', protocol);
  if (base === undefined || protocol === 'otlp-grpc') return base;
  return `${base.replace(/\/$/, '')}/v1/traces`;
}

/** A gRPC endpoint may also be given without a scheme, as `host:port`. */
function urlFromEnv(name: string, protocol: 'otlp-grpc' | 'otlp-http'): string | undefined {
  const value = getStringFromEnv(name);
  if (value === undefined || isHttpUrl(value)) return value;
  if (protocol === 'otlp-grpc' && /^[\w.-]+:\d+$/.test(value)) return value;
  throw new TracingConfigurationError(name, 'write a URL such as "http://localhost:4317"');
}

function headersFromEnv(): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS']) {
    const text = getStringFromEnv(name);
    if (text === undefined) continue;
    if (text.split(',').some((pair) => pair.trim() !== '' && !pair.includes('='))) {
      throw new TracingConfigurationError(name, 'write it as key1=value1,key2=value2');
    }
    Object.assign(headers, parseKeyPairsIntoRecord(text));
    assertHeaders(name, headers);
  }
  return headers;
}

function assertHeaders(variable: string, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) {
    const fault = headerFault(name, value);
    if (fault !== undefined)
      throw new TracingConfigurationError(`${variable}, header ${name}`, fault);
  }
}

function compressionFromEnv(): 'gzip' | 'none' {
  for (const name of ['OTEL_EXPORTER_OTLP_TRACES_COMPRESSION', 'OTEL_EXPORTER_OTLP_COMPRESSION']) {
    const value = getStringFromEnv(name);
    if (value === 'gzip' || value === 'none') return value;
    if (value !== undefined) throw new TracingConfigurationError(name, 'write "gzip" or "none"');
  }
  return 'none';
}
