import { GRPC_STATUS_NAMES } from '../../../grpc/status-names.js';
import { readRetryInfo } from '../response/export-response.js';
import { percentDecoded } from '../faults/percent-decoded.js';
import type { SendOutcome } from '../transport.interface.js';

type StatusName = (typeof GRPC_STATUS_NAMES)[number];

/** @see https://opentelemetry.io/docs/specs/otlp/#failures */
const RETRYABLE: ReadonlySet<string> = new Set<StatusName>([
  'CANCELLED',
  'DEADLINE_EXCEEDED',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/**
 * The meaning of an HTTP response that is none of gRPC.
 *
 * @see https://grpc.github.io/grpc/core/md_doc_http-grpc-status-mapping.html
 */
const BY_HTTP_STATUS: Readonly<Record<number, StatusName>> = {
  400: 'INTERNAL',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'UNIMPLEMENTED',
  429: 'UNAVAILABLE',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'UNAVAILABLE',
};

/** A status other than OK as it arrived, every part of it written by somebody else. */
interface GrpcStatus {
  readonly code: string;
  readonly message: string | undefined;
  /** `grpc-status-details-bin`: a `google.rpc.Status` in base64. */
  readonly details: string | undefined;
}

/** Returns what a status other than OK means for the request. */
export function statusOutcome({ code, message, details }: GrpcStatus): SendOutcome {
  const name = /^\d{1,2}$/.test(code) ? GRPC_STATUS_NAMES[Number(code)] : undefined;
  const said = name === 'UNIMPLEMENTED' || message === undefined ? '' : percentDecoded(message);
  const reason = [name ?? `gRPC status ${code.slice(0, 20)}`, said].filter(Boolean).join(': ');
  const afterMillis = readRetryInfo(
    details === undefined ? undefined : Buffer.from(details, 'base64'),
  );
  const isForNow = name === 'RESOURCE_EXHAUSTED' && afterMillis !== undefined;
  if (isForNow || RETRYABLE.has(name ?? ''))
    return { kind: 'retry', cause: 'response', reason, afterMillis };
  return { kind: 'refused', cause: 'response', reason };
}

/** Returns what a status of HTTP other than 200 means for the request. */
export function httpStatusOutcome(status: number): SendOutcome {
  const name = BY_HTTP_STATUS[status] ?? 'UNKNOWN';
  const kind = RETRYABLE.has(name) ? 'retry' : 'refused';
  return { kind, cause: 'response', reason: `${name}: HTTP ${status}` };
}
