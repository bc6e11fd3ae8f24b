/** @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/ */
const KNOWN_METHODS: ReadonlyMap<string, RequestMethod> = new Map(
  ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'QUERY'].map(
    (method) => [method, Object.freeze({ method, original: undefined, inName: method })],
  ),
);

/** Names a request's method as spans do. */
export interface RequestMethod {
  /** `http.request.method`: a method that the standards know, else `_OTHER`. */
  readonly method: string;
  /** `http.request.method_original`, if it is another. */
  readonly original: string | undefined;
  /** How a span's name begins. */
  readonly inName: string;
}

const UNKNOWN_METHOD = { method: '_OTHER', inName: 'HTTP' };

/** Tells a method of the standards from one that somebody made up. */
export function requestMethod(given: string): RequestMethod {
  const asGiven = KNOWN_METHODS.get(given);
  if (asGiven !== undefined) return asGiven;
  const known = KNOWN_METHODS.get(given.toUpperCase());
  return { ...(known ?? UNKNOWN_METHOD), original: given };
}
