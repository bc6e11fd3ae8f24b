import type { AcceptedOutcome } from '../transport.interface.js';
import { bytesOf, numberOf, wireFields } from './wire-reader.js';

const RETRY_INFO = 'google.rpc.RetryInfo';

/**
 * Reads an ExportTraceServiceResponse: what it rejects is lost and never sent again.
 *
 * @returns undefined if it is none
 * @see https://opentelemetry.io/docs/specs/otlp/#partial-success
 */
export function readExportResponse(response: Uint8Array): AcceptedOutcome | undefined {
  return unlessMalformed(() => {
    const partial = bytesOf(response, 1);
    return accepted(numberOf(partial, 1), text(bytesOf(partial, 2)));
  });
}

/** As {@link readExportResponse}, of the response as JSON, which some collectors send whatever they got. */
export function readJsonResponse(response: Uint8Array): AcceptedOutcome | undefined {
  try {
    const parsed: unknown = JSON.parse(text(response));
    const { rejectedSpans, errorMessage } = fieldOf(parsed, 'partialSuccess') as {
      rejectedSpans?: unknown;
      errorMessage?: unknown;
    };
    const message = typeof errorMessage === 'string' ? errorMessage : '';
    return accepted(Number(rejectedSpans ?? 0), message);
  } catch {
    return undefined;
  }
}

/** Reads the delay in a `google.rpc.Status` with RetryInfo, in milliseconds. */
export function readRetryInfo(status: Uint8Array | undefined): number | undefined {
  return status === undefined ? undefined : unlessMalformed(() => retryDelay(status));
}

function retryDelay(status: Uint8Array): number | undefined {
  for (const { number, value } of wireFields(status)) {
    if (number !== 3 || typeof value === 'number') continue;
    if (!text(bytesOf(value, 1)).endsWith(RETRY_INFO)) continue;
    const delay = bytesOf(bytesOf(value, 2), 1);
    return numberOf(delay, 1) * 1000 + numberOf(delay, 2) / 1e6;
  }
  return undefined;
}

/** A collector may write any number here; the books take none that is not a count. */
function accepted(rejected: number, message: string): AcceptedOutcome {
  const count = Number.isFinite(rejected) ? Math.max(0, Math.trunc(rejected)) : 0;
  return { kind: 'accepted', rejected: count, message };
}

function fieldOf(value: unknown, key: string): object {
  if (typeof value !== 'object' || value === null) throw new TypeError('no JSON object');
  const field: unknown = (value as Record<string, unknown>)[key];
  return typeof field === 'object' && field !== null ? field : {};
}

function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
