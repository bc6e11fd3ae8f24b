import { TraceFlags } from '@opentelemetry/api';

/** What a `traceparent` header says. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  /** The flags this package knows: sampled (bit 0) and random (bit 1). */
  readonly flags: number;
}

/** Set if the trace id was made at random, so that its last 56 bits can decide about sampling. */
export const RANDOM_FLAG = 0x02;

const KNOWN_FLAGS = TraceFlags.SAMPLED | RANDOM_FLAG;
const HEADER = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const MAX_LENGTH = 512;

/**
 * Reads a `traceparent` header, or answers undefined if it is not valid. A version above 00 may hold
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
  const parts = HEADER.exec(trimBlanks(header));
  if (parts === null) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', future] = parts;
  if (version === 'ff' || (version === '00' && future !== undefined)) return undefined;
  if (isZero(traceId) || isZero(spanId)) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & KNOWN_FLAGS };
}

/** Writes a `traceparent` header of version 00. */
export function formatTraceParent({ traceId, spanId, flags }: TraceParent): string {
  return `00-${traceId}-${spanId}-${(flags & KNOWN_FLAGS).toString(16).padStart(2, '0')}`;
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

function isZero(id: string): boolean {
  return /^0+$/.test(id);
}
