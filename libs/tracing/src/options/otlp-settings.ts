import { getBooleanFromEnv, getStringFromEnv, parseKeyPairsIntoRecord } from '@opentelemetry/core';
import { TracingConfigurationError } from '../configuration.error.js';
import { millisFromEnv, variable } from './environment.js';
import { endpointFault, holdsCredentials, isPercentEncoded } from './otlp-endpoint.js';
import { headerFault, metadataFault } from './otlp-headers.js';
import { tlsSettings } from './tls-settings.js';
import type { TlsSettings } from './tls-settings.js';
import type { TlsOptions } from './export-options.interface.js';

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

type Protocol = 'otlp-grpc' | 'otlp-http';

interface GivenOtlp {
  readonly endpoint: string | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly compression: 'gzip' | 'none';
  readonly tls: { readonly [File in keyof TlsOptions]-?: string | undefined };
}

/**
 * Merges the options with OTEL_EXPORTER_OTLP_[TRACES_]*; the variable for traces goes first.
 *
 * @param note is told what has no effect
 * @throws TracingConfigurationError if a variable is malformed, or the protocol cannot carry a header
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function otlpSettings(
  given: GivenOtlp,
  protocol: Protocol,
  note: (message: string) => void,
): OtlpSettings {
  const endpoint =
    withTracesPath(given.endpoint, protocol) ??
    endpointFromEnv(protocol) ??
    DEFAULT_ENDPOINT[protocol];
  if (protocol === 'otlp-grpc' && holdsCredentials(endpoint)) note(NO_CREDENTIALS);
  const headers = given.headers ?? {};
  for (const [name, value] of Object.entries(headers)) {
    assertHeader(`headers.${name}`, name, value, protocol);
  }
  return {
    endpoint,
    headers: { ...headersFromEnv(protocol), ...headers },
    compression: given.compression,
    tls: tlsSettings(given.tls),
    insecure: insecureFromEnv(),
    timeoutMillis: millisFromEnv(`${PREFIX}TRACES_TIMEOUT`, `${PREFIX}TIMEOUT`) || 10_000,
  };
}

const NO_CREDENTIALS =
  'endpoint: gRPC does not send the user name and password of a URL: write them as option headers, ' +
  "such as { authorization: 'Basic …' }.";

/** The protocol that an endpoint's port is known for, where nothing names one; else gRPC. */
export function protocolOfPort(endpoint: string | undefined): 'otlp-grpc' | 'otlp-http' {
  const named = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
  const used = endpoint ?? named.map((name) => getStringFromEnv(name)).find(Boolean) ?? '';
  return /:4318(?:\/|$)/.test(used) ? 'otlp-http' : 'otlp-grpc';
}

/** An option without a path is a base, as the general variable is. */
function withTracesPath(
  endpoint: string | undefined,
  protocol: 'otlp-grpc' | 'otlp-http',
): string | undefined {
  if (endpoint === undefined || protocol === 'otlp-grpc') return endpoint;
  const url = new URL(endpoint);
  if (url.pathname !== '/') return endpoint;
  url.pathname = '/v1/traces';
  return url.href;
}

function insecureFromEnv(): boolean {
  const given = variable(`${PREFIX}TRACES_INSECURE`, `${PREFIX}INSECURE`);
  return given !== undefined && getBooleanFromEnv(given.name) === true;
}

/** Over HTTP the general endpoint is a base, to which the signal's path is added. */
function endpointFromEnv(protocol: Protocol): string | undefined {
  const traces = urlFromEnv(`${PREFIX}TRACES_ENDPOINT`, protocol);
  if (traces !== undefined) return traces;
  const base = urlFromEnv(`${PREFIX}ENDPOINT`, protocol);
  if (base === undefined || protocol === 'otlp-grpc') return base;
  return `${base.replace(/\/$/, '')}/v1/traces`;
}

/** A gRPC endpoint may also be given without a scheme, as `host:port`. */
function urlFromEnv(name: string, protocol: Protocol): string | undefined {
  const value = getStringFromEnv(name);
  if (value === undefined) return undefined;
  if (protocol === 'otlp-grpc' && /^(?:[\w.-]+|\[[\da-f:.]+\]):\d+$/i.test(value)) return value;
  const fault = endpointFault(value);
  if (fault !== undefined) throw new TracingConfigurationError(name, fault);
  return value;
}

function headersFromEnv(protocol: Protocol): Record<string, string> {
  const names = [`${PREFIX}HEADERS`, `${PREFIX}TRACES_HEADERS`];
  return Object.assign({}, ...names.map((name) => headersOf(name, protocol)));
}

function headersOf(name: string, protocol: Protocol): Record<string, string> {
  const text = getStringFromEnv(name) ?? '';
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) assertPair(name, pair);
  const headers = parseKeyPairsIntoRecord(text);
  for (const [header, value] of Object.entries(headers)) {
    assertHeader(`${name}, header ${header}`, header, value, protocol);
  }
  return headers;
}

function assertPair(name: string, pair: string): void {
  const [key = ''] = pair.split('=', 1);
  if (key === pair)
    throw new TracingConfigurationError(name, 'write it as key1=value1,key2=value2');
  if (isPercentEncoded(pair)) return;
  throw new TracingConfigurationError(
    `${name}, header ${key.trim()}`,
    'its value is not percent-encoded: write %25 for each % that stands for itself',
  );
}

function assertHeader(option: string, name: string, value: string, protocol: Protocol): void {
  const ofGrpc = protocol === 'otlp-grpc' ? metadataFault(name, value) : undefined;
  const fault = headerFault(name, value) ?? ofGrpc;
  if (fault !== undefined) throw new TracingConfigurationError(option, fault);
}
