import type { AcceptedOutcome } from './sender.interface.js';
import { bytesOf, numberOf, wireFields } from './wire-reader.js';

const RETRY_INFO = 'google.rpc.RetryInfo';

/**
 * Reads an ExportTraceServiceResponse: what it rejects is lost and never sent again.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#partial-success
 */
export function readAnswer(response: Uint8Array): AcceptedOutcome {
  const partial = bytesOf(response, 1);
  return {
    kind: 'accepted',
    rejected: numberOf(partial, 1),
    message: text(bytesOf(partial, 2)),
  };
}

/** The delay in a `google.rpc.Status` with RetryInfo, in milliseconds. */
export function readRetryInfo(status: Uint8Array | undefined): number | undefined {
  if (status === undefined) return undefined;
  for (const { number, value } of wireFields(status)) {
    if (number !== 3 || typeof value === 'number') continue;
    if (!text(bytesOf(value, 1)).endsWith(RETRY_INFO)) continue;
    const delay = bytesOf(bytesOf(value, 2), 1);
    return numberOf(delay, 1) * 1000 + numberOf(delay, 2) / 1e6;
  }
  return undefined;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
