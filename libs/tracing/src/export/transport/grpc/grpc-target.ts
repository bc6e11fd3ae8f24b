import type { ExportSettings } from '../export-settings.js';

/** The destination of calls. */
export interface GrpcTarget {
  /** As a URL without a path. */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** Returns what the endpoint means: a URL, or `host:port`, which is TLS unless told otherwise. */
export function targetOf({
  endpoint,
  insecure,
}: Pick<ExportSettings, 'endpoint' | 'insecure'>): GrpcTarget {
  const hasScheme = endpoint.includes('://');
  const isTls = hasScheme ? endpoint.startsWith('https:') : !insecure;
  const scheme = isTls ? 'https' : 'http';
  const url = new URL(hasScheme ? endpoint : `${scheme}://${endpoint}`);
  return {
    origin: `${scheme}://${url.host}`,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (isTls ? 443 : 80),
    isTls,
  };
}
