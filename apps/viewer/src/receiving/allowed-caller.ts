import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { ViewerOptions } from '../options.js';
import { Refusal } from './refusal.error.js';

const AUTHORITY = /^(?:\[([0-9a-f:.]{2,45})\]|([^:[\]@/\s]{1,253}))(?::\d{1,5})?$/i;
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/i;

/** What a request says about where it goes and which page sent it. */
export interface Caller {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** It sends telemetry, and reads nothing. */
  readonly isSender: boolean;
}

/** What decides about the names of this machine. */
export type HostOptions = Pick<ViewerOptions, 'host' | 'isHostGiven' | 'allowedHosts'>;

/**
 * Refuses what a web page could send: a foreign name that was rebound to this machine is in `Host`,
 * the page of another site in `Origin`. With `--host` a sender may use any name, as one in a container
 * has its own for this machine; a browser says with `Origin` that it is none.
 *
 * @throws Refusal
 */
export function refuseStranger(
  { host = '', origin, isSender }: Caller,
  options: HostOptions,
): void {
  const isAnyName = isSender && origin === undefined && options.isHostGiven;
  if (!isAnyName && !isName(nameOf(host), options)) throw strangeHost(options);
  if (origin === undefined) return;
  const page = URL.canParse(origin) ? new URL(origin).host : '';
  if (isLoopback(nameOf(page)) || (page !== '' && page === host)) return;
  throw new Refusal('forbidden_caller', 'The Origin is the page of another site.');
}

/**
 * Refuses to let the page of another site read, or cause, anything. One on another port of this machine
 * is another site as well.
 *
 * @throws Refusal
 */
export function refuseOtherSites(headers: IncomingHttpHeaders): void {
  const { origin, host, 'sec-fetch-site': site } = headers;
  const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  if (isOwn && (site === undefined || site === 'same-origin' || site === 'none')) return;
  const message = 'The request comes from the page of another site: open this address by itself.';
  throw new Refusal('forbidden_caller', message);
}

/** Whether a name or an address leads to this machine from nowhere else. */
export function isLoopback(name: string): boolean {
  if (isIP(name) !== 0) return LOOPBACK.test(name);
  return /^(.+\.)?localhost\.?$/.test(name);
}

/** A page can rebind a name of its own, never an address or a name that somebody else gives. */
function isName(name: string, { host, isHostGiven, allowedHosts }: HostOptions): boolean {
  if (isLoopback(name) || allowedHosts.includes(name)) return true;
  if (!isHostGiven) return false;
  return isIP(name) !== 0 || name === host.toLowerCase() || name === hostname().toLowerCase();
}

function strangeHost({ isHostGiven }: HostOptions): Refusal {
  const known = isHostGiven ? 'the address of this machine' : '127.0.0.1 or localhost';
  const message = `The Host is no name of this machine: use ${known}, or start with --allow-host <name>.`;
  return new Refusal('forbidden_caller', message);
}

/** The name or address of an authority, in lower case; empty for what is none. */
function nameOf(authority: string): string {
  const [, address, name = ''] = AUTHORITY.exec(authority) ?? [];
  return (address ?? name).toLowerCase();
}
