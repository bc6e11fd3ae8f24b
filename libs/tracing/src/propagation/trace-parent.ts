import { TraceFlags } from '@opentelemetry/api';

/** The content of a `traceparent` header. */
interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  /** The flags this package knows: sampled (bit 0) and random (bit 1). */
  readonly flags: number;
}

/** Set if the trace id was made at random, so that its last 56 bits can decide about sampling. */
export const RANDOM_FLAG = 0x02;

const KNOWN_FLAGS = TraceFlags.SAMPLED | RANDOM_FLAG;
const MAX_LENGTH = 512;
/** Where the parts of the header begin, and where version 00 ends. */
const [TRACE_ID, SPAN_ID, FLAGS, END] = [3, 36, 53, 55];
const HYPHEN = 0x2d;
/** The value of each hexadecimal digit in lower case, by its character code; below 0 for what is none. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code)),
);

/**
 * Reads a `traceparent` header, or returns undefined if it is not valid. A version above 00 may hold
 * more after a hyphen; version ff, an upper-case digit and an id of zeros are invalid.
 *
 * @param header the header's value; spaces and tabs around it are ignored, values over 512
 * characters are refused
 * @see https://www.w3.org/TR/trace-context-2/#traceparent-header
 *
 * @example
 * ```ts
 * parseTraceParent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')?.flags; // 1
 * ```
 */
export function parseTraceParent(header: string): TraceParent | undefined {
  if (header.length > MAX_LENGTH) return undefined;
  const text = trimBlanks(header);
  if (!isWellFormed(text)) return undefined;
  return {
    traceId: text.slice(TRACE_ID, SPAN_ID - 1),
    spanId: text.slice(SPAN_ID, FLAGS - 1),
    flags: digitAt(text, END - 1) & KNOWN_FLAGS,
  };
}

/** Looked at character by character: every message and request that comes in has one. */
function isWellFormed(text: string): boolean {
  if (!hasDigits(text, 0, 2) || !hasDigits(text, FLAGS, END)) return false;
  if (!hasHyphen(text, TRACE_ID) || !hasHyphen(text, SPAN_ID) || !hasHyphen(text, FLAGS))
    return false;
  if (!isId(text, TRACE_ID, SPAN_ID - 1) || !isId(text, SPAN_ID, FLAGS - 1)) return false;
  if (text.startsWith('ff')) return false;
  if (text.length === END) return true;
  return !text.startsWith('00') && hasHyphen(text, END + 1) && !/[\n\r\u2028\u2029]/.test(text);
}

function hasHyphen(text: string, before: number): boolean {
  return text.charCodeAt(before - 1) === HYPHEN;
}

function hasDigits(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (digitAt(text, at) < 0) return false;
  }
  return true;
}

/** Digits that are not all zeros. */
function isId(text: string, start: number, end: number): boolean {
  let any = 0;
  for (let at = start; at < end; at += 1) {
    const digit = digitAt(text, at);
    if (digit < 0) return false;
    any |= digit;
  }
  return any !== 0;
}

/** The value of a hexadecimal digit in lower case; below 0 if it is none. */
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < DIGITS.length ? (DIGITS[code] as number) : -1;
}

/** Writes a `traceparent` header of version 00. */
export function formatTraceParent({ traceId, spanId, flags }: TraceParent): string {
  return `00-${traceId}-${spanId}-0${flags & KNOWN_FLAGS}`;
}

/** Removes what HTTP calls optional white space: spaces and tabs, nothing else. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text, start)) start += 1;
  while (end > start && isBlank(text, end - 1)) end -= 1;
  return text.slice(start, end);
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x09;
}
