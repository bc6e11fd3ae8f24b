import { redactQuery, redactReference } from './redact-reference.js';
import { secretNames } from './secret-names.js';

/** Replaces what is secret in URLs. */
export interface UrlRedaction {
  /** A query, without its question mark. */
  query(query: string): string;
  /** An absolute URL: its user, password and fragment as well. */
  url(url: URL): string;
}

/**
 * Makes the redaction of an application.
 *
 * @param further names of query parameters to redact beside the well-known ones, without regard to
 * case and separators. Default: none
 *
 * @example
 * ```ts
 * createUrlRedaction().query('q=cats&api_key=123'); // 'q=cats&api_key=REDACTED'
 * ```
 */
export function createUrlRedaction(further: readonly string[] = []): UrlRedaction {
  const isSecret = secretNames(further);
  return {
    query: (query) => redactQuery(query, isSecret),
    url: ({ href }) => redactReference(href.split('#', 1)[0] ?? '', isSecret),
  };
}
