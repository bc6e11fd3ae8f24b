import type { IncomingHttpHeaders } from 'node:http';
import { readExportResponse, readJsonResponse } from '../response/export-response.js';
import type { SendOutcome } from '../transport.interface.js';
import type { ResponseBody } from './response-body.js';

/** @see https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Returns what an HTTP response means for the request. */
export function httpOutcome(
  status: number,
  headers: IncomingHttpHeaders,
  body: ResponseBody,
): SendOutcome {
  const reason = `HTTP ${status}`;
  if (status >= 200 && status < 300) return acceptance(reason, headers['content-type'] ?? '', body);
  if (!RETRYABLE.has(status)) return { kind: 'refused', cause: 'response', reason };
  const afterMillis = retryAfterMillis(headers['retry-after'], Date.now());
  return { kind: 'retry', cause: 'response', reason, afterMillis };
}

/**
 * Whoever writes a status of success has the spans: from then on nothing is sent twice, even if the
 * body never ends. What is no response of OTLP came from somebody else, a captive portal for example.
 */
function acceptance(status: string, type: string, { bytes, end }: ResponseBody): SendOutcome {
  const foreign = {
    kind: 'refused',
    cause: 'foreign',
    reason: `${status} with ${type || 'a body that is not OTLP'}`,
  } as const;
  if (type.startsWith('text/html') || end === 'too long') return foreign;
  if (end === 'cut' || bytes.length === 0) return { kind: 'accepted', rejected: 0, message: '' };
  const isJson = type.startsWith('application/json');
  return (isJson ? readJsonResponse(bytes) : readExportResponse(bytes)) ?? foreign;
}

/**
 * Returns the wait that a `Retry-After` asks for, seconds or a date, or undefined if it is neither.
 *
 * @param now as `Date.now()`
 */
function retryAfterMillis(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const isNumber = /^[+-]?\d+(\.\d+)?$/.test(text);
  const millis = isNumber ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(millis) ? Math.max(0, millis) : undefined;
}
