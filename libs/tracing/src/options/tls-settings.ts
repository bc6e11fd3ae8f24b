import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { getStringFromEnv } from '@opentelemetry/core';
import { TracingConfigurationError } from './configuration.error.js';
import type { TlsOptions } from './tracing-options.interface.js';

/** What is in the PEM files, by the names of node:tls. */
export interface TlsSettings {
  readonly ca?: string;
  readonly key?: string;
  readonly cert?: string;
}

const FILES = [
  { field: 'ca', option: 'certificate', variable: 'CERTIFICATE' },
  { field: 'key', option: 'clientKey', variable: 'CLIENT_KEY' },
  { field: 'cert', option: 'clientCertificate', variable: 'CLIENT_CERTIFICATE' },
] as const;

/**
 * Reads the certificates that the options or OTEL_EXPORTER_OTLP_[TRACES_]* name.
 *
 * @throws TracingConfigurationError if a file cannot be read, holds no PEM, or is missing its pair
 */
export function tlsSettings(given: TlsOptions): TlsSettings {
  const settings: Record<string, string> = {};
  const named = new Map<string, string>();
  for (const { field, option, variable } of FILES) {
    const source = sourceOf(given[option], option, variable);
    if (source === undefined) continue;
    settings[field] = readPem(source.name, source.path, field);
    named.set(field, source.name);
  }
  assertPair(named);
  return settings;
}

interface Source {
  readonly name: string;
  readonly path: string;
}

function sourceOf(path: string | undefined, option: string, variable: string): Source | undefined {
  if (path !== undefined) return { name: `tls.${option}`, path };
  for (const prefix of ['OTEL_EXPORTER_OTLP_TRACES_', 'OTEL_EXPORTER_OTLP_']) {
    const fromEnv = getStringFromEnv(prefix + variable);
    if (fromEnv !== undefined) return { name: prefix + variable, path: fromEnv };
  }
  return undefined;
}

function readPem(name: string, path: string, field: string): string {
  const pem = readText(name, path);
  try {
    createSecureContext({ [field]: pem });
  } catch {
    throw new TracingConfigurationError(
      name,
      `"${path}" is no such thing: write a PEM file's path`,
    );
  }
  if (pem.includes('-----BEGIN ')) return pem;
  throw new TracingConfigurationError(name, `"${path}" holds no PEM: write a PEM file's path`);
}

function readText(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TracingConfigurationError(
      name,
      `cannot read "${path}" (${code}): write the path of a PEM file that this process may read`,
    );
  }
}

function assertPair(named: ReadonlyMap<string, string>): void {
  const [key, cert] = [named.get('key'), named.get('cert')];
  if ((key === undefined) === (cert === undefined)) return;
  const missing = key === undefined ? 'clientKey' : 'clientCertificate';
  throw new TracingConfigurationError(
    key ?? cert ?? '',
    `it needs its pair: name tls.${missing} too`,
  );
}
