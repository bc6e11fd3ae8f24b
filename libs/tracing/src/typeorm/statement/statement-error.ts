import type { Attributes } from '@opentelemetry/api';
import { ATTR_DB_RESPONSE_STATUS_CODE } from '@opentelemetry/semantic-conventions';
import type { ErrorDescription } from '../../span/exception.js';
import { describeErrorAs } from '../../span/exception.js';
import { isObject } from '../../span/is-object.js';

/** What drivers put on their errors; none of it holds a value of the statement. */
interface DriverError {
  readonly code?: unknown;
  readonly severity?: unknown;
  readonly errno?: unknown;
  readonly sqlState?: unknown;
  readonly number?: unknown;
  readonly errorNum?: unknown;
}

const FRAME = /^ {4}at .*(?::\d+:\d+\)?|\(<anonymous>\)|\(index \d+\))$/;
const SAFE_CODE = /^[A-Z0-9_-]{1,64}$/;
const SAFE_NAME = /^[\w$]{1,64}$/;
/** Constants of `pg-pool` and `mysql2`, whose errors have neither class nor code. */
const SAFE_MESSAGES = new Set([
  'timeout exceeded when trying to connect',
  'Connection terminated due to connection timeout',
  'Queue limit reached.',
  'No connections available.',
  'Pool is closed.',
]);
const PLAIN_NAMES = new Set(['Error', 'Object', 'error']);

/**
 * Returns what spans say of a failed statement: class and code of the driver's error and where it was thrown
 * from, not the message, in which databases quote values. Outer spans that see the same error say the
 * same.
 *
 * @param withMessage records the message and the stack as they are
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/
 */
export function describeStatementError(error: unknown, withMessage: boolean): ErrorDescription {
  const inner = driverErrorOf(error);
  const fields = (isObject(inner) ? inner : {}) as DriverError;
  const name = classOf(inner) ?? classOf(error) ?? '_OTHER';
  const status = statusCode(fields);
  const symbol = safeCode(fields.code);
  const codes = [symbol, status === symbol ? undefined : status].filter((code) => code);
  const exception = withMessage
    ? { name, message: messageOf(inner), ...stackOf(error, (stack) => stack) }
    : { name, message: safeMessage(inner, [name, ...codes]), ...stackOf(error, onlyFrames) };
  const description = {
    exception,
    errorType: status ?? symbol ?? name,
    attributes: responseAttributes(status),
  };
  if (!withMessage) for (const known of [error, inner]) describeErrorAs(known, description);
  return description;
}

function safeMessage(error: unknown, classAndCodes: readonly (string | undefined)[]): string {
  const message = messageOf(error);
  return SAFE_MESSAGES.has(message) ? message : classAndCodes.join(' ');
}

function responseAttributes(status: string | undefined): Attributes {
  return status === undefined ? {} : { [ATTR_DB_RESPONSE_STATUS_CODE]: status };
}

/** Returns what the driver threw: TypeORM wraps it. */
export function driverErrorOf(error: unknown): unknown {
  return (isObject(error) && (error as { driverError?: unknown }).driverError) || error;
}

/** SQLSTATE on PostgreSQL, the server's own number or result code elsewhere; none if it was not asked. */
function statusCode(error: DriverError): string | undefined {
  const { code, severity, errno, sqlState, number, errorNum } = error;
  if (typeof severity === 'string') return safeCode(code);
  if (typeof sqlState === 'string' && typeof errno === 'number') return String(errno);
  if (typeof code === 'string' && code.startsWith('SQLITE_')) return safeCode(code);
  if (typeof errorNum === 'number') return `ORA-${String(errorNum).padStart(5, '0')}`;
  return typeof number === 'number' ? String(number) : undefined;
}

function safeCode(code: unknown): string | undefined {
  return typeof code === 'string' && SAFE_CODE.test(code) ? code : undefined;
}

/** A class of its own says something; `Error` says nothing. */
function classOf(error: unknown): string | undefined {
  if (!isObject(error)) return undefined;
  const name: unknown = error.constructor?.name;
  return typeof name === 'string' && SAFE_NAME.test(name) && !PLAIN_NAMES.has(name)
    ? name
    : undefined;
}

function stackOf(
  error: unknown,
  reduce: (stack: string, message: string) => string,
): { stack?: string } {
  const stack: unknown = isObject(error) ? (error as Error).stack : undefined;
  return typeof stack === 'string' ? { stack: reduce(stack, messageOf(error)) } : {};
}

/** The error's own message, also after it has been described. */
function messageOf(error: unknown): string {
  const message: unknown = isObject(error) ? (error as Error).message : undefined;
  return typeof message === 'string' ? message : '';
}

/** The message may have several lines, even such as look like frames, so it is cut out first. */
function onlyFrames(stack: string, message: string): string {
  const at = message === '' ? -1 : stack.indexOf(message);
  const rest = at < 0 ? stack : stack.slice(at + message.length);
  return rest
    .split('\n')
    .filter((line) => FRAME.test(line))
    .join('\n');
}
