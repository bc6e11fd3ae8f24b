import { isIPv6 } from 'node:net';
import { guard } from '../../span/guard.js';
import type { Destinations } from '../http-options.interface.js';
import { isInternalHost, plainHost } from './internal-hosts.js';

/** Whether a URL's host is one of those that an option names. */
type DestinationRule = (url: URL) => boolean;

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

function isInternal({ hostname }: URL): boolean {
  return isInternalHost(hostname);
}

function hostRule(pattern: string | RegExp): DestinationRule {
  if (typeof pattern !== 'string') return ({ hostname }) => hostname.search(pattern) >= 0;
  if (pattern.toLowerCase() === 'internal') return isInternal;
  const host = plainHost(pattern);
  if (host.startsWith('*.')) return ({ hostname }) => plainHost(hostname).endsWith(host.slice(1));
  if (isIPv6(host)) return ({ hostname }) => plainHost(hostname) === host;
  return (url) => plainHost(url.hostname) === host || url.host === host;
}
