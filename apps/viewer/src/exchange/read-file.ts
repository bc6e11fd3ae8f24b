import { decodeLogs } from '../receiving/otlp/decode-logs.js';
import { decodeTraces } from '../receiving/otlp/decode-traces.js';
import type { Fields } from '../receiving/otlp/fields.js';
import { countParts } from '../receiving/otlp/json-message.js';
import { MAX_IMPORT_PARTS } from '../receiving/limits.js';
import { Refusal } from '../receiving/refusal.error.js';
import type { Telemetry } from '../telemetry.interface.js';
import { FileError } from './file.error.js';
import { readChrome } from './read-chrome.js';

const POSITION = /position (\d{1,12})/;

/** What a file can hold. */
type FileContent = Required<Pick<Telemetry, 'spans' | 'logs'>>;

/**
 * Reads a file of OTLP JSON (one object, a list of them, or one a line) or of the Chrome trace format.
 *
 * @throws FileError that names the line; nothing of the file is then taken.
 */
export function readFile(body: Buffer): FileContent[] {
  if (countParts(body) > MAX_IMPORT_PARTS) {
    throw new FileError(`A file has more than ${MAX_IMPORT_PARTS} parts: split it.`, 1);
  }
  const text = body.toString().replace(/^\ufeff/, '');
  const lines = text.split('\n');
  if (isLineByLine(lines)) {
    return lines.flatMap((line, index) =>
      line.trim() === '' ? [] : readValue(parse(line, index + 1), index + 1),
    );
  }
  return readValue(parse(text, 1), 1);
}

/** The first line is a whole value, and not the only one. */
function isLineByLine([first = '', ...rest]: readonly string[]): boolean {
  if (!rest.some((line) => line.trim() !== '')) return false;
  try {
    JSON.parse(first);
    return true;
  } catch {
    return false;
  }
}

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const position = Number(POSITION.exec((cause as Error).message)?.[1] ?? text.length);
    const at = line + text.slice(0, position).split('\n').length - 1;
    throw new FileError(`Line ${at} is no JSON, or the file was cut off.`, at, { cause });
  }
}

function readValue(value: unknown, line: number): FileContent[] {
  if (Array.isArray(value) && !isChromeEvent(value[0])) {
    return value.flatMap((each) => readValue(each, line));
  }
  const file = (Array.isArray(value) ? { traceEvents: value } : value) as Fields | null;
  try {
    return [readObject(file)];
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    throw new FileError(`Line ${line}: ${cause.message}`, line, { cause });
  }
}

function readObject(file: Fields | null): FileContent {
  const has = (field: string) => typeof file === 'object' && file !== null && field in file;
  if (has('traceEvents')) return { spans: readChrome(file!), logs: [] };
  if (has('resourceSpans') || has('resourceLogs')) {
    return { spans: decodeTraces(file), logs: decodeLogs(file) };
  }
  // Metrics may stand between traces in what a Collector writes.
  if (has('resourceMetrics')) return { spans: [], logs: [] };
  const message =
    'neither OTLP JSON (resourceSpans, resourceLogs) nor a Chrome trace (traceEvents)';
  throw new Refusal('malformed', `This is ${message}.`);
}

function isChromeEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'ph' in value;
}
