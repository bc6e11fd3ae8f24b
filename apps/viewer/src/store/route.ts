import type { StoredTrace } from './stored-trace.js';

/** By what a trace is grouped with others: method and route where they are told, else the name of its root. */
export function routeOf({ facts }: StoredTrace): string {
  const span = facts.root ?? facts.first;
  if (!span) return '(log lines without a span)';
  const {
    'http.route': route,
    'http.request.method': method,
    'http.method': old,
  } = span.attributes;
  const verb = method ?? old;
  return typeof route === 'string' && typeof verb === 'string' ? `${verb} ${route}` : span.name;
}

/** What a trace is called. */
export function nameOf({ facts }: StoredTrace): string {
  return (facts.root ?? facts.first)?.name ?? '(log lines without a span)';
}
