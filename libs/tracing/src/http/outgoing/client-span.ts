import { SpanStatusCode } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_NETWORK_PROTOCOL_VERSION,
} from '@opentelemetry/semantic-conventions';
import { errorMessage, errorType } from '../../span/exception.js';
import type { SpanRecording } from '../../span/recording.js';

/**
 * The span of one request that goes out. It ends when the response's headers have come, as the
 * conventions ask where an application may leave a body unread, or when the request has failed.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
 */
export class ClientSpan {
  readonly #recording: SpanRecording;
  #open = true;

  constructor(recording: SpanRecording) {
    this.#recording = recording;
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

  /** Ends the span of a request that got no response. */
  fail(error: unknown): void {
    if (!this.#open) return;
    const { span } = this.#recording;
    span.setAttribute(ATTR_ERROR_TYPE, errorCode(error));
    span.setStatus({ code: SpanStatusCode.ERROR, message: errorMessage(error) });
    this.end();
  }

  /** Ends the span of a request that was given up with neither response nor error. Idempotent. */
  end(): void {
    this.#open = false;
    this.#recording.end();
  }
}

/** Node's own codes say more than the class: `ECONNREFUSED`, `UND_ERR_HEADERS_TIMEOUT`. */
function errorCode(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && code !== '' ? code : errorType(error);
}
