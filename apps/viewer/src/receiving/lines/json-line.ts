import type { AttributeMap, ReceivedLog } from '../../telemetry.interface.js';
import { readTraceContext } from '../otlp/decode-logs.js';
import { boundedText, type Fields } from '../otlp/fields.js';
import { plainMap, plainValue } from './plain-value.js';
import { Refusal } from '../refusal.error.js';

const LEVELS: Readonly<Record<string, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
  log: 'INFO',
  warning: 'WARN',
};
/** The last millisecond that a `Date` knows. */
const MAX_MILLIS = 8.64e15;

/** The words for one field, in the order in which they count. */
const TIMES = ['time', 'timestamp'];
const MESSAGES = ['msg', 'message'];

/**
 * Reads a JSON log line as pino, Nest's `ConsoleLogger`, winston and their like write it, `undefined` if
 * the text is no such line.
 */
export function readJsonLine(line: string): ReceivedLog | undefined {
  const record = parseObject(line);
  if (record === undefined || !('level' in record)) return undefined;
  const { level, trace_id, span_id, trace_flags, ...rest } = record;
  const time = take(rest, TIMES);
  const message = take(rest, MESSAGES);
  return {
    // The span of an unsampled trace never arrives: its lines are shown at once, alone.
    ...(trace_flags === '00' ? {} : readIds({ trace_id, span_id })),
    timeNanos: millisToNanos(time),
    severity: severityOf(level),
    message: messageOf(message),
    attributes: withErrorMessage(plainMap(rest)),
  };
}

/** Ids that are none join nothing: a line is shown whatever stands in it. */
function readIds(ids: Fields): Pick<ReceivedLog, 'traceId' | 'spanId'> {
  try {
    return readTraceContext(ids, 'trace_id', 'span_id');
  } catch (error) {
    if (error instanceof Refusal) return {};
    throw error;
  }
}

function severityOf(level: unknown): string {
  const name = typeof level === 'number' ? String(level) : (text(level)?.toLowerCase() ?? '');
  if (Object.hasOwn(LEVELS, name)) return LEVELS[name]!;
  return name === '' ? 'INFO' : name.toUpperCase();
}

/** Takes the first of some fields that is there; the others stay. */
function take(record: Record<string, unknown>, names: readonly string[]): unknown {
  const name = names.find((each) => Object.hasOwn(record, each));
  if (name === undefined) return undefined;
  const value = record[name];
  delete record[name];
  return value;
}

/** Nest logs objects as they are. */
function messageOf(message: unknown): string {
  if (message === undefined) return '';
  return text(message) ?? boundedText(JSON.stringify(plainValue(message)));
}

/** An error is told by its message: its stack would fill the screen. */
function withErrorMessage(attributes: AttributeMap): AttributeMap {
  const { err } = attributes;
  const isObject = typeof err === 'object' && err !== null && !Array.isArray(err);
  if (isObject && err['message']) attributes['err'] = err['message'];
  return attributes;
}

function parseObject(line: string): Fields | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? boundedText(value) : undefined;
}

function millisToNanos(time: unknown): bigint {
  const millis = typeof time === 'string' ? Date.parse(time) : time;
  const isTime = typeof millis === 'number' && Math.abs(millis) <= MAX_MILLIS;
  return BigInt(Math.round(isTime ? millis : Date.now())) * 1_000_000n;
}
