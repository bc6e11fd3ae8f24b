import { guard } from '../../span/guard.js';
import type { IncomingHttpOptions, IncomingRequest } from '../http-options.interface.js';
import { pathOf } from './request-attributes.js';

/** Tells whether a request is not to be traced. A rule that throws ignores nothing. */
export type IgnoreRule = (request: IncomingRequest, url: string) => boolean;

/** Makes one rule of option `http.incoming.ignore`. */
export function ignoreRule(ignore: Required<IncomingHttpOptions>['ignore']): IgnoreRule {
  if (typeof ignore === 'function') {
    return (request) => guard('http.incoming.ignore', () => ignore(request)) === true;
  }
  if (ignore.length === 0) return () => false;
  const rules = ignore.map(pathRule);
  return (_, url) => {
    const path = pathOf(url);
    return rules.some((matches) => matches(path));
  };
}

function pathRule(pattern: string | RegExp): (path: string) => boolean {
  if (typeof pattern !== 'string') return (path) => path.search(pattern) >= 0;
  if (!pattern.endsWith('*')) return (path) => path === pattern;
  const start = pattern.slice(0, -1);
  return (path) => path.startsWith(start);
}
