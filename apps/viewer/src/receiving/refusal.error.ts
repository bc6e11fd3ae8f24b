import { constants } from 'node:http2';

/** Why something was refused, as it is counted. */
export type RefusalReason = keyof typeof ANSWERS;

/** The HTTP status and the gRPC code that each reason is answered with. */
const ANSWERS = {
  malformed: [constants.HTTP_STATUS_BAD_REQUEST, 3],
  too_large: [constants.HTTP_STATUS_PAYLOAD_TOO_LARGE, 8],
  too_slow: [constants.HTTP_STATUS_REQUEST_TIMEOUT, 4],
  broken_off: [constants.HTTP_STATUS_BAD_REQUEST, 1],
  too_many: [constants.HTTP_STATUS_SERVICE_UNAVAILABLE, 14],
  forbidden_caller: [constants.HTTP_STATUS_FORBIDDEN, 7],
  unknown_path: [constants.HTTP_STATUS_NOT_FOUND, 12],
  unknown_method: [constants.HTTP_STATUS_METHOD_NOT_ALLOWED, 12],
  unknown_type: [constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE, 12],
  internal: [constants.HTTP_STATUS_INTERNAL_SERVER_ERROR, 13],
} as const;

/** Something a sender sent that is not taken. Its message never quotes what was sent. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly httpStatus: number;
  readonly grpcCode: number;

  constructor(
    readonly reason: RefusalReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    [this.httpStatus, this.grpcCode] = ANSWERS[reason];
  }

  /** What is thrown while a request is handled, as a refusal: a fault of ours is one as well. */
  static from(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    const reason = error instanceof Error ? error.message : String(error);
    // A fault may quote what was sent.
    const message = `The viewer failed: ${reason.slice(0, 200).replaceAll(/[^ -~]/g, '?')}`;
    return new Refusal('internal', message, { cause: error });
  }
}
