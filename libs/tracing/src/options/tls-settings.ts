import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { TracingConfigurationError } from '../configuration.error.js';
import { variable } from './environment.js';
import type { TlsOptions } from './export-options.interface.js';

/** The contents of the PEM files, by the names of node:tls. */
export interface TlsSettings {
  readonly ca?: string;
  readonly key?: string;
  readonly cert?: string;
}

const PREFIXES = ['OTEL_EXPORTER_OTLP_TRACES_', 'OTEL_EXPORTER_OTLP_'];

const FILES = [
  { field: 'ca', option: 'certificate', file: 'CERTIFICATE' },
  { field: 'key', option: 'clientKey', file: 'CLIENT_KEY' },
  { field: 'cert', option: 'clientCertificate', file: 'CLIENT_CERTIFICATE' },
] as const;

/**
 * Reads the certificates that the options or OTEL_EXPORTER_OTLP_[TRACES_]* name.
 *
 * @throws TracingConfigurationError if a file cannot be read, holds no PEM, or is missing its pair
 */
export function tlsSettings(given: {
  readonly [File in keyof TlsOptions]: string | undefined;
}): TlsSettings {
  const settings: Record<string, string> = {};
  const named = new Map<string, string>();
  for (const { field, option, file } of FILES) {
    const source = sourceOf(given[option], option, file);
    if (source === undefined) continue;
    settings[field] = readPem(source.name, source.path, field);
    named.set(field, source.name);
  }
  assertPair(named);
  assertMatch(named, settings);
  return settings;
}

interface Source {
  readonly name: string;
  readonly path: string;
}

function sourceOf(path: string | undefined, option: string, file: string): Source | undefined {
  if (path !== undefined) return { name: `tls.${option}`, path };
  const fromEnv = variable(...PREFIXES.map((prefix) => prefix + file));
  return fromEnv && { name: fromEnv.name, path: fromEnv.value };
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

/** Two files that do not belong together are no fault of either until the first connection. */
function assertMatch(named: ReadonlyMap<string, string>, settings: TlsSettings): void {
  const { key, cert } = settings;
  if (key === undefined || cert === undefined) return;
  try {
    createSecureContext({ key, cert });
  } catch {
    throw new TracingConfigurationError(
      named.get('cert') ?? '',
      `it is not the certificate of ${named.get('key')}: name the two that belong together`,
    );
  }
}
