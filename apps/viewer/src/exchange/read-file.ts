import { inflate } from '../receiving/inflate.js';
import { decodeLogs } from '../receiving/otlp/decode-logs.js';
import { decodeTraces } from '../receiving/otlp/decode-traces.js';
import { listOf, type Fields } from '../receiving/otlp/fields.js';
import { countParts } from '../receiving/otlp/json-message.js';
import { MAX_IMPORT_BYTES, MAX_IMPORT_PARTS } from '../receiving/limits.js';
import { Refusal } from '../receiving/refusal.error.js';
import type { ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';
import { FileError } from './file.error.js';
import { readChrome } from './read-chrome.js';
import { isJaeger, readJaeger } from './read-jaeger.js';
import { isZipkin, readZipkin } from './read-zipkin.js';

const POSITION = /position (\d{1,12})/;
const AROUND = /, (?:\.\.\.)?"/;
const CUT = ', ...';
/** Signs that stand before the one that is wrong. */
const CONTEXT_CHARS = 10;
/** What a gzipped file begins with. */
const GZIP = Buffer.from([0x1f, 0x8b]);
/** Zipkin answers a list of traces, each a list of spans; files may lie in a list as well. */
const MAX_LISTS = 3;
const KNOWN =
  'OTLP JSON (resourceSpans, resourceLogs), nor Jaeger (data), nor Zipkin (traceId, id), ' +
  'nor a Chrome trace (traceEvents)';

/** What a file holds. */
export interface FileContent {
  readonly spans: ReceivedSpan[];
  readonly logs: ReceivedLog[];
}

/**
 * Reads a file of OTLP JSON (one object, a list of them, or one a line), of Jaeger's or Zipkin's JSON, or
 * of the Chrome trace format.
 *
 * A file may be gzipped.
 *
 * @throws FileError that names the line, Refusal of a gzip; nothing of the file is then taken.
 */
export function readFile(file: Buffer): FileContent {
  const body = file.subarray(0, 2).equals(GZIP) ? inflate(file, MAX_IMPORT_BYTES) : file;
  if (countParts(body) > MAX_IMPORT_PARTS) {
    throw new FileError(`A file has more than ${MAX_IMPORT_PARTS} parts: split it.`, 1);
  }
  const text = body.toString().replace(/^\ufeff/, '');
  if (!/\S/.test(text)) throw new FileError('Line 1: there is nothing in the file.', 1);
  const content: FileContent = { spans: [], logs: [] };
  if (!isLineByLine(text)) {
    readValue(parse(text, 1), 1, content);
    return content;
  }
  let line = 0;
  for (const each of linesOf(text)) {
    line += 1;
    if (each.trim() === '') continue;
    readValue(parse(each, line), line, content);
  }
  return content;
}

/** The first line is a whole value, and not the only one. */
function isLineByLine(text: string): boolean {
  const end = text.indexOf('\n');
  if (end < 0 || !/\S/.test(text.slice(end))) return false;
  try {
    JSON.parse(text.slice(0, end));
    return true;
  } catch {
    return false;
  }
}

/** One at a time: a list of all is many times the file where most are empty. */
function* linesOf(text: string): Iterable<string> {
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    yield text.slice(start, end);
    start = end + 1;
  }
  yield text.slice(start);
}

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const at = line + breaksIn(text.slice(0, faultIn(text, (cause as Error).message)));
    throw new FileError(`Line ${at} is no JSON, or the file was cut off.`, at, { cause });
  }
}

/** Where a text is no JSON: the engine tells the place, or what stands around it, or that the end came. */
function faultIn(text: string, message: string): number {
  const position = POSITION.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const shown = message.search(AROUND);
  if (shown < 0) return text.trimEnd().length;
  const around = message.slice(message.indexOf('"', shown) + 1, message.lastIndexOf('"'));
  const start = Math.max(0, text.indexOf(around));
  return start + (message.startsWith(CUT, shown) ? Math.min(CONTEXT_CHARS, around.length) : 0);
}

function breaksIn(text: string): number {
  let breaks = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) breaks += 1;
  return breaks;
}

/** Adds what a value of the file holds to the content. */
function readValue(value: unknown, line: number, content: FileContent, depth = 0): void {
  if (Array.isArray(value) && !isSpanList(value)) {
    if (depth >= MAX_LISTS) throw new FileError(`Line ${line}: lists lie in lists.`, line);
    for (const each of value) readValue(each, line, content, depth + 1);
    return;
  }
  try {
    const isList = Array.isArray(value);
    const { spans, logs } = isList ? readList(value) : readObject(value as Fields | null);
    // One by one: a call with a hundred thousand arguments overflows the stack.
    for (const span of spans) content.spans.push(span);
    for (const log of logs) content.logs.push(log);
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    throw new FileError(`Line ${line}: ${cause.message}`, line, { cause });
  }
}

/** What is a list in these formats, and not a list of files. */
function isSpanList([first]: readonly unknown[]): boolean {
  return isChromeEvent(first) || isZipkin(first);
}

function readList(list: readonly Fields[]): FileContent {
  if (isChromeEvent(list[0])) return { spans: readChrome({ traceEvents: list }), logs: [] };
  return { spans: readZipkin(listOf({ list }, 'list')), logs: [] };
}

function readObject(file: Fields | null): FileContent {
  const has = (field: string) => typeof file === 'object' && file !== null && field in file;
  if (has('traceEvents')) return { spans: readChrome(file!), logs: [] };
  if (has('resourceSpans') || has('resourceLogs')) {
    return { spans: decodeTraces(file), logs: decodeLogs(file) };
  }
  // Metrics may stand between traces in what a Collector writes.
  if (has('resourceMetrics')) return { spans: [], logs: [] };
  // Tempo, and what Grafana saves of it, has another name for the same.
  if (has('batches')) return { spans: decodeTraces({ resourceSpans: file!['batches'] }), logs: [] };
  if (isZipkin(file)) return { spans: readZipkin([file!]), logs: [] };
  if (file && isJaeger(file)) return { spans: readJaeger(file), logs: [] };
  throw new Refusal('malformed', `This is neither ${KNOWN}.`);
}

function isChromeEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'ph' in value;
}
