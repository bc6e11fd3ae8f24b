/** @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/ */
const KNOWN_METHODS = new Set([
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'QUERY',
]);

/** What spans call a request's method. */
export interface RequestMethod {
  /** `http.request.method`: a method that the standards know, else `_OTHER`. */
  readonly method: string;
  /** `http.request.method_original`, if it is another. */
  readonly original: string | undefined;
  /** How a span's name begins. */
  readonly inName: string;
}

/** Tells a method of the standards from one that somebody made up. */
export function requestMethod(given: string): RequestMethod {
  if (KNOWN_METHODS.has(given)) return { method: given, original: undefined, inName: given };
  const upper = given.toUpperCase();
  const known = KNOWN_METHODS.has(upper);
  return { method: known ? upper : '_OTHER', original: given, inName: known ? upper : 'HTTP' };
}
