import { getStringListFromEnv } from '@opentelemetry/core';
import { TracingConfigurationError } from '../configuration.error.js';
import { variable } from './environment.js';
import { protocolOfPort } from './otlp-settings.js';
import type { ExporterName } from './export-options.interface.js';

const EXPORTERS = 'OTEL_TRACES_EXPORTER';
const KNOWN: readonly string[] = ['otlp', 'console', 'none'];

/**
 * The exporters that OTEL_TRACES_EXPORTER lists, OTLP first: every span goes to each of them.
 *
 * @param note is told what of the variables is not used, and what is instead
 * @param endpoint the option: where nothing names a protocol, a well-known port does
 * @throws TracingConfigurationError if nothing in the list can be used, or `none` stands beside others
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#exporter-selection
 */
export function exportersFromEnv(
  note: (message: string) => void,
  endpoint: string | undefined,
): readonly ExporterName[] {
  const listed = (getStringListFromEnv(EXPORTERS) ?? []).map((name) => name.toLowerCase());
  if (listed.length === 0) return [protocolFromEnv(note, endpoint)];
  const names = KNOWN.filter((name) => listed.includes(name));
  const unknown = listed.filter((name) => !KNOWN.includes(name)).map((name) => `"${name}"`);
  if (names.length === 0) throw unsupported(unknown.join(', '));
  if (unknown.length > 0) {
    note(`${EXPORTERS}: ${unknown.join(', ')} is not supported and left out; known are ${QUOTED}.`);
  }
  if (names.length > 1 && names.includes('none')) throw contradictory();
  return names.map((name) =>
    name === 'otlp' ? protocolFromEnv(note, endpoint) : (name as ExporterName),
  );
}

const QUOTED = KNOWN.map((name) => `"${name}"`).join(', ');

function unsupported(names: string): TracingConfigurationError {
  return new TracingConfigurationError(
    EXPORTERS,
    `${names} is not supported: write "otlp", "console" or "none", or give a SpanExporter as option exporter`,
  );
}

function contradictory(): TracingConfigurationError {
  return new TracingConfigurationError(
    EXPORTERS,
    '"none" stands beside other exporters: write it alone, or leave it out',
  );
}

function protocolFromEnv(
  note: (message: string) => void,
  endpoint: string | undefined,
): ExporterName {
  const named = variable('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL');
  if (named === undefined) return protocolOfPort(endpoint);
  const { name, value } = named;
  const protocol = value.toLowerCase();
  if (protocol === 'grpc') return 'otlp-grpc';
  if (protocol === 'http/protobuf') return 'otlp-http';
  if (protocol === 'http/json') {
    note(`${name}: "http/json" is not supported; http/protobuf is used, to the same endpoint.`);
    return 'otlp-http';
  }
  throw new TracingConfigurationError(
    name,
    `"${value}" is not supported: write "grpc" or "http/protobuf"`,
  );
}
