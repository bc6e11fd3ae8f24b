/** What stands in for a value that is not to be seen. */
export const REDACTED = 'REDACTED';

/**
 * Query parameters whose values are credentials: those that the HTTP conventions name (signatures of
 * AWS, Azure and Google) and those of OAuth and common sign-in forms. Compared without case.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/
 */
const SECRET_PARAMETERS = [
  'AWSAccessKeyId',
  'Signature',
  'sig',
  'X-Goog-Signature',
  'X-Amz-Signature',
  'X-Amz-Credential',
  'X-Amz-Security-Token',
  'access_token',
  'refresh_token',
  'id_token',
  'token',
  'auth',
  'authorization',
  'api_key',
  'apikey',
  'client_secret',
  'secret',
  'password',
  'passwd',
  'pwd',
  'code',
  'session',
  'sessionid',
  'jwt',
];

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
 * case. Default: none
 *
 * @example
 * ```ts
 * createUrlRedaction().query('q=cats&api_key=123'); // 'q=cats&api_key=REDACTED'
 * ```
 */
export function createUrlRedaction(further: readonly string[] = []): UrlRedaction {
  const secret = new Set([...SECRET_PARAMETERS, ...further].map((name) => name.toLowerCase()));
  const query = (text: string): string =>
    text
      .split('&')
      .map((pair) => redactPair(pair, secret))
      .join('&');
  return { query, url: (url) => redactUrl(url, query) };
}

function redactPair(pair: string, secret: ReadonlySet<string>): string {
  const at = pair.indexOf('=');
  if (at < 0) return pair;
  return secret.has(nameOf(pair.slice(0, at))) ? `${pair.slice(0, at)}=${REDACTED}` : pair;
}

/** A name may be encoded, and name one part of an object: `user[password]`. */
function nameOf(encoded: string): string {
  const name = decoded(encoded).toLowerCase();
  return /\[([^\]]+)\]$/.exec(name)?.[1] ?? name;
}

function decoded(text: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).trim();
  } catch {
    return text;
  }
}

function redactUrl(url: URL, query: (text: string) => string): string {
  const user = url.username === '' && url.password === '' ? '' : `${REDACTED}:${REDACTED}@`;
  const search = url.search === '' ? '' : `?${query(url.search.slice(1))}`;
  return `${url.protocol}//${user}${url.host}${url.pathname}${search}`;
}
