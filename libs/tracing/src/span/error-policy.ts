import { isObject } from './is-object.js';
import { readGuarded } from './outcome/read-guarded.js';

/**
 * Decides what a thrown value means for its span: `error` sets the status to ERROR, `expected`
 * records the exception as an event and leaves the status UNSET.
 *
 * @example
 * ```ts
 * TracingModule.forRoot({
 *   errors: (error) => (error instanceof NotFoundError ? 'expected' : 'error'),
 * });
 * ```
 */
export type ErrorPolicy = (error: unknown) => 'error' | 'expected';

/**
 * The default policy: what a caller is told is a reply, not a failure of the work. That is an HTTP exception
 * below 500, an `RpcException` or `WsException`, whatever its class, and a `GraphQLError` whose code blames
 * the client. Told by their methods and fields, so that it holds for a second copy of a package too, and none
 * of them is loaded.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status
 */
export const classifyReplies: ErrorPolicy = (error) => {
  if (!isObject(error)) return 'error';
  if (typeof readGuarded(error, 'getStatus') === 'function') return classifyStatus(error);
  if (!(error instanceof Error)) return 'error';
  const isReply = typeof readGuarded(error, 'getError') === 'function';
  return isReply || blamesClient(error) ? 'expected' : 'error';
};

/**
 * Returns the policy for work that replies to nobody: by default every error of it is one. A policy of the
 * application's own holds as it is.
 */
export function withoutReply(policy: ErrorPolicy): ErrorPolicy {
  return policy === classifyReplies ? everyError : policy;
}

const everyError: ErrorPolicy = () => 'error';

/** The codes of Apollo's errors that are a client's: its document, its variables, its rights. */
const CLIENT_CODES = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
]);

function blamesClient(error: Error): boolean {
  return CLIENT_CODES.has(readGuarded(readGuarded(error, 'extensions'), 'code'));
}

function classifyStatus(error: object): 'error' | 'expected' {
  const { getStatus } = error as { getStatus: () => unknown };
  const status: unknown = Reflect.apply(getStatus, error, []);
  return typeof status === 'number' && status < 500 ? 'expected' : 'error';
}
