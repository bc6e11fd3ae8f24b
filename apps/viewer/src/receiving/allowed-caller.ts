import { isIP } from 'node:net';
import type { ViewerOptions } from '../options.js';
import { Refusal } from './refusal.error.js';

const AUTHORITY = /^(?:\[([0-9a-f:.]{2,45})\]|([^:[\]@/\s]{1,253}))(?::\d{1,5})?$/i;
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/i;

/** What a request says about where it goes and which page sent it. */
export interface Caller {
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

/**
 * Refuses what a web page could send: a foreign name that was rebound to this machine is in `Host`,
 * the page of another site in `Origin`. With `--host` any name may lead here.
 *
 * @throws Refusal
 */
export function refuseStranger(
  { host = '', origin }: Caller,
  { isHostGiven }: Pick<ViewerOptions, 'isHostGiven'>,
): void {
  if (!isHostGiven && !isLoopback(host)) {
    const message =
      'The Host is not this machine: use 127.0.0.1 or localhost, or start with --host.';
    throw new Refusal('forbidden_caller', message);
  }
  if (origin === undefined) return;
  const page = hostOf(origin);
  if (isLoopback(page) || (page !== '' && page === host)) return;
  throw new Refusal('forbidden_caller', 'The Origin is the page of another site.');
}

function isLoopback(authority: string): boolean {
  const [, address, name = ''] = AUTHORITY.exec(authority) ?? [];
  const known = (address ?? name).toLowerCase();
  if (isIP(known) !== 0) return LOOPBACK.test(known);
  return /^(.+\.)?localhost\.?$/.test(known);
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : '';
}
