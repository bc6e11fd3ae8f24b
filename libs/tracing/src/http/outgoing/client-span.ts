import { SpanStatusCode } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_NETWORK_PROTOCOL_VERSION,
} from '@opentelemetry/semantic-conventions';
import { errorMessage, errorType } from '../../span/exception.js';
import type { SpanRecording } from '../../span/recording.js';
import { enclosingSignal } from '../../context/enclosing-work.js';
import { callOffReason } from './called-off-request.js';
import type { Peer } from './peer.js';

/**
 * The span of one request that goes out. It ends when the response's headers have come, as the
 * conventions ask where an application may leave a body unread, or when the request has failed.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
 */
export class ClientSpan {
  readonly #recording: SpanRecording;
  readonly #signal = enclosingSignal();
  #open = true;

  constructor(recording: SpanRecording) {
    this.#recording = recording;
  }

  /** Records whom the request is sent to, once there is a connection. */
  connect(peer: Peer | undefined): void {
    if (!this.#open || peer === undefined) return;
    const { span } = this.#recording;
    span.setAttribute(ATTR_NETWORK_PEER_ADDRESS, peer.address);
    if (peer.port !== undefined) span.setAttribute(ATTR_NETWORK_PEER_PORT, peer.port);
  }

  /** Ends the span with the response's status; 4xx and 5xx are failures of the call. */
  respond(statusCode: number, protocolVersion?: string): void {
    if (!this.#open) return;
    const { span } = this.#recording;
    span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, statusCode);
    if (protocolVersion !== undefined) {
      span.setAttribute(ATTR_NETWORK_PROTOCOL_VERSION, protocolVersion);
    }
    if (statusCode >= 400) {
      span.setAttribute(ATTR_ERROR_TYPE, String(statusCode));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.end();
  }

  /**
   * Ends the span of a request that got no response: as called off if that is what its caller did.
   *
   * @param aborted whether the caller has aborted it, where that is known
   */
  fail(error: unknown, aborted?: boolean): void {
    if (!this.#open) return;
    const calledOff = callOffReason({ error, signal: this.#signal, aborted });
    if (calledOff === undefined) this.#fail(error);
    else this.#recording.callOff(calledOff.reason);
    this.end();
  }

  /** Ends the span of a request that was given up with neither response nor error. Idempotent. */
  end(): void {
    this.#open = false;
    this.#recording.end();
  }

  #fail(error: unknown): void {
    const { span } = this.#recording;
    span.setAttribute(ATTR_ERROR_TYPE, errorCode(error));
    span.setStatus({ code: SpanStatusCode.ERROR, message: errorMessage(error) });
  }
}

/** Node's own codes say more than the class: `ECONNREFUSED`, `UND_ERR_HEADERS_TIMEOUT`. */
function errorCode(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && code !== '' ? code : errorType(error);
}
