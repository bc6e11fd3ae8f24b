import { guard } from '../../span/guard.js';
import type { IncomingHttpOptions, IncomingRequest } from '../http-options.interface.js';
import { pathOf } from './request-attributes.js';
import { targetOf } from './request-description.js';

/**
 * Tells whether a request is not to be traced. A rule that throws ignores nothing.
 *
 * @param frameworkRequest the request as its framework has it, which knows the target that was sent
 */
export type IgnoreRule = (request: IncomingRequest, frameworkRequest: object) => boolean;

/** Makes one rule of option `http.incoming.ignore`; undefined if none is to be ignored. */
export function ignoreRule(
  ignore: Required<IncomingHttpOptions>['ignore'],
): IgnoreRule | undefined {
  if (typeof ignore === 'function') {
    return (request) => guard('http.incoming.ignore', () => ignore(request)) === true;
  }
  if (ignore.length === 0) return undefined;
  const rules = ignore.map(pathRule);
  return (request, frameworkRequest) => {
    const path = pathOf(targetOf(frameworkRequest, request));
    return rules.some((matches) => matches(path));
  };
}

function pathRule(pattern: string | RegExp): (path: string) => boolean {
  if (typeof pattern !== 'string') return (path) => path.search(pattern) >= 0;
  if (!pattern.endsWith('*')) return (path) => path === pattern;
  const start = pattern.slice(0, -1);
  return (path) => path.startsWith(start);
}
