import { printable, valueText } from '../showing/text.js';
import type { AttributeMap } from '../telemetry.interface.js';
import type { StoredTrace } from './stored-trace.js';

/** What OpenTelemetry says of every request, or this library of every span: it tells none from another. */
const COMMON =
  /^(async|client|code|db|error|event_loop|faas|graphql|http|messaging|nestjs|network|otel|peer|process|rpc|server|thread|url|user_agent)\./;
const MAX_CHARS = 80;

/**
 * What tells a trace from others of its route: the path and query of its request, else its first own
 * attribute.
 */
export function hintOf({ facts }: StoredTrace): string {
  const attributes = (facts.root ?? facts.first)?.attributes;
  return attributes ? requestText(attributes) || ownText(attributes) : '';
}

function requestText(attributes: AttributeMap): string {
  const {
    'url.path': path = attributes['http.target'],
    'url.query': query,
    'http.route': route,
  } = attributes;
  const asked = typeof query === 'string' && query !== '' ? `?${query.replace(/^\?/, '')}` : '';
  const isTold = typeof path !== 'string' || path === route;
  return printable(`${isTold ? '' : path}${asked}`, MAX_CHARS);
}

function ownText(attributes: AttributeMap): string {
  for (const key in attributes) {
    const value = attributes[key]!;
    if (COMMON.test(key) || typeof value === 'object') continue;
    return `${printable(key, 40)}=${valueText(value)}`;
  }
  return '';
}
