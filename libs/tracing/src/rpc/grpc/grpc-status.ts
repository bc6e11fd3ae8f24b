import { GRPC_STATUS_NAMES } from '../../grpc/status-names.js';

/** The statuses that are a server's own failures; the others are answers to what a client asks for. */
const SERVER_ERRORS = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/** The end of a call, as `@grpc/grpc-js` has it. */
export interface GrpcStatus {
  readonly code: number;
  readonly details?: string;
}

/** Returns the name of a status, or its code as a text where it has none. */
export function statusName(code: number): string {
  return GRPC_STATUS_NAMES[code] ?? String(code);
}

/**
 * Whether a status is an error for the server that sends it.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/rpc/grpc/
 */
export function isServerError(name: string): boolean {
  return SERVER_ERRORS.has(name);
}
