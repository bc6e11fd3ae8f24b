import type { Attributes } from '@opentelemetry/api';
import { REDACTED } from '../redaction/secret-names.js';

/** Headers that hold credentials: that they came may be recorded, never what they hold. */
const CREDENTIALS = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-auth-token',
  'x-csrf-token',
  'x-amz-security-token',
]);

type HeaderValue = string | number | readonly string[] | undefined;

/**
 * Records the headers of an allow-list, each as a list of texts.
 *
 * @param prefix `http.request.header` or `http.response.header`
 * @param names the headers to record, as they were written in the options
 * @param read how to get one by its name in lower case
 */
export function headerAttributes(
  prefix: string,
  names: readonly string[],
  read: (name: string) => HeaderValue,
): Attributes {
  const attributes: Attributes = {};
  for (const name of names.map((given) => given.toLowerCase())) {
    const value = read(name);
    if (value === undefined) continue;
    const texts = Array.isArray(value) ? value.map(String) : [String(value as string | number)];
    attributes[`${prefix}.${name}`] = CREDENTIALS.has(name) ? [REDACTED] : texts;
  }
  return attributes;
}
