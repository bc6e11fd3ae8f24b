import { SPAN_FLAG } from '../wire/span-codes.js';

const NANOS_PER_MICRO = 1_000;
const WORD = 2 ** 32;
/** Where the two halves of 64 bits lie on this machine. */
const [LOW, HIGH] = new Uint32Array(BigUint64Array.of(1n).buffer)[0] === 1 ? [0, 1] : [1, 0];

/** When spans start and end, in microseconds after the first of them. */
export interface SpanTimes {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly flags: Uint16Array;
  readonly startNanos: bigint;
}

/**
 * Reads times, a start and an end for each span, in nanoseconds since the epoch. One that ends before it
 * starts has no duration, one that is open, as its flag says, ends with the last; a sender that does not
 * know when a span started leaves 0, which is in 1970. A `bigint` is made of none of them: each would be
 * an object, and more work than all the rest.
 */
export function readTimes(nanos: BigUint64Array, flags: Uint16Array): SpanTimes {
  const words = new Uint32Array(nanos.buffer);
  const first = earliest(words);
  const start = new Float64Array(flags.length);
  const end = new Float64Array(flags.length);
  let last = 0;
  for (let at = 0; at < flags.length; at++) {
    if (!isTime(words, 2 * at) && !isTime(words, 2 * at + 1)) continue;
    const from = isTime(words, 2 * at) ? microsBetween(words, first, 2 * at) : 0;
    const isNegative = isBefore(words, 2 * at + 1, 2 * at);
    start[at] = from;
    end[at] = isNegative ? from : Math.max(from, microsBetween(words, first, 2 * at + 1));
    if (isNegative && (flags[at]! & SPAN_FLAG.pending) === 0) flags[at]! |= SPAN_FLAG.negative;
    if (end[at]! > last) last = end[at]!;
  }
  for (let at = 0; at < flags.length; at++) if (flags[at]! & SPAN_FLAG.pending) end[at] = last;
  return { start, end, flags, startNanos: first < 0 ? 0n : nanos[first]! };
}

/** The place of the first time at which a span started, or ended where its start is not known. */
function earliest(words: Uint32Array): number {
  let first = -1;
  for (let place = 0; place < words.length / 2; place += 2) {
    const known = isTime(words, place) ? place : place + 1;
    if (isTime(words, known) && (first < 0 || isBefore(words, known, first))) first = known;
  }
  return first;
}

function isTime(words: Uint32Array, place: number): boolean {
  return words[2 * place]! !== 0 || words[2 * place + 1]! !== 0;
}

function isBefore(words: Uint32Array, one: number, other: number): boolean {
  const high = words[2 * one + HIGH]! - words[2 * other + HIGH]!;
  return high < 0 || (high === 0 && words[2 * one + LOW]! < words[2 * other + LOW]!);
}

function microsBetween(words: Uint32Array, first: number, place: number): number {
  const high = words[2 * place + HIGH]! - words[2 * first + HIGH]!;
  return (high * WORD + words[2 * place + LOW]! - words[2 * first + LOW]!) / NANOS_PER_MICRO;
}
