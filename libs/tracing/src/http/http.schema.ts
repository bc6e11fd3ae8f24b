import type * as z from 'zod';
import { oneOf, valueOf } from '../validation/checks.js';
import { optionSchema, switchable } from '../validation/option-schema.js';
import { isPatterns } from '../validation/patterns.js';
import type {
  Destinations,
  HttpOptions,
  IncomingHttpOptions,
  IncomingTrust,
  OutgoingHttpOptions,
} from './http-options.interface.js';

const trust = valueOf<IncomingTrust>(
  (value) => value === 'all' || value === 'none' || isFunction(value),
  'write "all", "none", or a function of the request',
);

const destinations = valueOf<Destinations>(
  (value) =>
    ['all', 'none', 'internal'].includes(value as string) || isPatterns(value) || isFunction(value),
  'write "all", "internal", "none", a list of host names, or a function of the URL',
);

const paths = valueOf<NonNullable<IncomingHttpOptions['ignore']>>(
  (value) => isPatterns(value) || isFunction(value),
  'write a list of paths and regular expressions, or a function of the request',
);

const names = valueOf<readonly string[]>(
  (value) => Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== ''),
  'write a list of names',
);

const incoming = optionSchema<IncomingHttpOptions>()({
  trust: trust.default('all'),
  ignore: paths.default([]),
  requestHeaders: names.default([]),
  responseHeaders: names.default([]),
  redactQuery: names.default([]),
  sse: oneOf('stream', 'events').default('stream'),
});

const outgoing = optionSchema<OutgoingHttpOptions>()({
  propagateTo: destinations.default('internal'),
  baggageTo: destinations.default('none'),
  ignore: destinations.default('none'),
  redactQuery: names.default([]),
});

/** Nothing of HTTP is traced. */
export const NO_HTTP = { incoming: undefined, outgoing: undefined };

export const httpSchema = switchable(
  optionSchema<HttpOptions>()({
    incoming: switchable(incoming).prefault(true),
    outgoing: switchable(outgoing).prefault(true),
  }),
  NO_HTTP,
);

/** The options of HTTP with every default filled in; undefined is what is off. */
export type ResolvedHttpOptions = z.output<typeof httpSchema>;

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
