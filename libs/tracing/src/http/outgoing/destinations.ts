import { guard } from '../../span/guard.js';
import type { Destinations } from '../http-options.interface.js';

/** Whether a URL's host is one of those that an option names. */
export type DestinationRule = (url: URL) => boolean;

const PRIVATE_ADDRESS =
  /^(?:(?:127|10)(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2}|\[(?:::1|f[cd][\da-f]{2}:.*)\])$/;
const PRIVATE_NAME = /^[^.[\]]+$|\.(?:localhost|local|internal|svc)$|\.svc\.[^.]+\.[^.]+$/;

/**
 * Makes one rule of destinations. A function that throws names no host.
 *
 * @param label the option's name, for what is said of a function that throws
 */
export function destinationRule(destinations: Destinations, label: string): DestinationRule {
  if (destinations === 'all') return () => true;
  if (destinations === 'none') return () => false;
  if (destinations === 'internal') return isInternal;
  if (typeof destinations === 'function') {
    return (url) => guard(label, () => destinations(url)) === true;
  }
  const rules = destinations.map(hostRule);
  return (url) => rules.some((matches) => matches(url));
}

/** Whether a host is of one's own network, as far as its name tells. */
export function isInternal({ hostname }: URL): boolean {
  return PRIVATE_ADDRESS.test(hostname) || PRIVATE_NAME.test(hostname);
}

function hostRule(pattern: string | RegExp): DestinationRule {
  if (typeof pattern !== 'string') return ({ hostname }) => hostname.search(pattern) >= 0;
  const host = pattern.toLowerCase();
  if (host === 'internal') return isInternal;
  if (host.startsWith('*.')) return ({ hostname }) => hostname.endsWith(host.slice(1));
  return (url) => url.hostname === host || url.host === host;
}
