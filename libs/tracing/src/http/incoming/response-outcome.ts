import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { SpanStatusCode } from '@opentelemetry/api';
import type { Attributes, SpanStatus } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
} from '@opentelemetry/semantic-conventions';
import { errorType } from '../../span/exception.js';
import type { IncomingRequest } from '../http-options.interface.js';

/** A response of HTTP/1.1 or HTTP/2. */
export type OutgoingResponse = ServerResponse | Http2ServerResponse;

/** `error.type` if the client was gone before the response had ended. */
const CLIENT_DISCONNECTED = 'client_disconnected';
/** `error.type` of a response that our side broke off without an error of its own. */
const RESPONSE_ABORTED = 'response_aborted';
/** Set to true on the span of a request whose client was gone before the response had ended. */
export const ATTR_CLIENT_DISCONNECTED = 'async.http.client_disconnected';

/** Describes a request's end, for its span and metric. */
export interface ResponseOutcome {
  readonly attributes: Attributes;
  readonly failed: boolean;
}

/**
 * Tells what became of a response: 5xx and a response that our side broke off are failures. A client that
 * goes is recorded, but is no failure of the server, just as 4xx is none.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status
 */
export function outcomeOf(
  request: IncomingRequest,
  response: OutgoingResponse,
  event: 'finish' | 'close',
): ResponseOutcome {
  const { headersSent, statusCode } = response;
  const attributes: Attributes = {};
  if (headersSent) attributes[ATTR_HTTP_RESPONSE_STATUS_CODE] = statusCode;
  if (headersSent && statusCode >= 500) return failure(attributes, String(statusCode));
  if (isComplete(response, event)) return { attributes, failed: false };
  if (!isClientGone(request, response)) return failure(attributes, breakOf(response));
  attributes[ATTR_CLIENT_DISCONNECTED] = true;
  if (!headersSent) attributes[ATTR_ERROR_TYPE] = CLIENT_DISCONNECTED;
  return { attributes, failed: false };
}

/** As above, of a response that is known by its status alone. */
export function ofStatus(statusCode: number): ResponseOutcome {
  const attributes = { [ATTR_HTTP_RESPONSE_STATUS_CODE]: statusCode };
  return statusCode >= 500
    ? failure(attributes, String(statusCode))
    : { attributes, failed: false };
}

function failure(attributes: Attributes, errorType: string): ResponseOutcome {
  return { attributes: { ...attributes, [ATTR_ERROR_TYPE]: errorType }, failed: true };
}

/** A client that has gone has closed its side, or has reset the connection; we have done neither. */
function isClientGone({ socket }: IncomingRequest, response: OutgoingResponse): boolean {
  if ('stream' in response) return true;
  if (response.errored != null) return false;
  return socket.readableEnded || socket.errored != null;
}

/** The error that our side destroyed the response with, if it had one. */
function breakOf(response: OutgoingResponse): string {
  const error = 'errored' in response ? response.errored : null;
  return error == null ? RESPONSE_ABORTED : errorType(error);
}

/** The compatibility layer of HTTP/2 says "finish" of every response, aborted ones too. */
function isComplete(response: OutgoingResponse, event: 'finish' | 'close'): boolean {
  if ('stream' in response) {
    const { stream } = response;
    return response.writableEnded && stream?.aborted !== true;
  }
  return event === 'finish' || response.writableFinished;
}

/** The conventions leave the status without a message where the response says it all. */
export function failedStatus(message: string | undefined): SpanStatus {
  const { ERROR: code } = SpanStatusCode;
  return message === undefined ? { code } : { code, message };
}
