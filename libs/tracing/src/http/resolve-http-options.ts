import type {
  HttpOptions,
  IncomingHttpOptions,
  OutgoingHttpOptions,
} from './http-options.interface.js';

/** The options of HTTP with every default filled in; undefined is what is off. */
export interface ResolvedHttpOptions {
  readonly incoming: Required<IncomingHttpOptions> | undefined;
  readonly outgoing: Required<OutgoingHttpOptions> | undefined;
}

/** Nothing of HTTP is traced. */
export const NO_HTTP: ResolvedHttpOptions = { incoming: undefined, outgoing: undefined };

const INCOMING: Required<IncomingHttpOptions> = {
  trust: 'all',
  ignore: [],
  requestHeaders: [],
  responseHeaders: [],
  redactQuery: [],
};

const OUTGOING: Required<OutgoingHttpOptions> = {
  propagateTo: 'internal',
  baggageTo: 'none',
  ignore: 'none',
  redactQuery: [],
};

/** Merges the defaults that `HttpOptions` documents. */
export function resolveHttpOptions(given: boolean | HttpOptions = true): ResolvedHttpOptions {
  const { incoming = true, outgoing = true } =
    typeof given === 'boolean' ? { incoming: given, outgoing: given } : given;
  return { incoming: withDefaults(incoming, INCOMING), outgoing: withDefaults(outgoing, OUTGOING) };
}

function withDefaults<T extends object>(given: boolean | Partial<T>, defaults: T): T | undefined {
  if (given === false) return undefined;
  if (given === true) return defaults;
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(known) as Partial<T>) };
}
