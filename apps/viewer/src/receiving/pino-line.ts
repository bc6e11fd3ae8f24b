import type { AttributeMap, ReceivedLog } from '../telemetry.interface.js';
import { readTraceContext } from './decode-logs.js';

const LEVELS: Record<number, string> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

/** Reads a pino JSON line, `undefined` if the text is no such line. */
export function readPinoLine(line: string): ReceivedLog | undefined {
  const record = parseObject(line);
  if (record === undefined || !('level' in record)) return undefined;
  const { level, time, msg, trace_id, span_id, trace_flags, ...rest } = record;
  return {
    // The span of an unsampled trace never arrives: its lines are shown at once, alone.
    ...(trace_flags === '00' ? {} : readTraceContext(text(trace_id), text(span_id))),
    timeNanos: millisToNanos(time),
    severity: LEVELS[Number(level)] ?? text(level)?.toUpperCase() ?? 'INFO',
    message: text(msg) ?? '',
    attributes: withErrorMessage(rest),
  };
}

/** An error is told by its message: its stack would fill the screen. */
function withErrorMessage({ err, ...rest }: AttributeMap): AttributeMap {
  if (err === undefined) return rest;
  const isObject = typeof err === 'object' && err !== null && !Array.isArray(err);
  return { ...rest, err: (isObject && err['message']) || err };
}

function parseObject(line: string): AttributeMap | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as AttributeMap;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function millisToNanos(time: unknown): bigint {
  const millis = typeof time === 'number' ? time : Date.parse(String(time));
  return BigInt(Math.round(Number.isNaN(millis) ? Date.now() : millis)) * 1_000_000n;
}
