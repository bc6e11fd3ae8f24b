import { hexToWord, traceIdToHex } from './hex-id.js';
import type { RandomWords } from './random-words.js';
import type { TraceClock } from '../clock/trace-clock.js';
import type { TraceAccount } from '../budget/trace-account.js';

/** An id in four 32-bit words. */
type Words = readonly [a: number, b: number, c: number, d: number];

const WELL_FORMED = /^[\da-f]{32}$/;

/**
 * What all spans share that one process makes of a trace, from the first one on: the trace's id, once
 * as numbers for the wire and once as digits for whoever asks, the clock, and how many there are.
 */
export class LocalTrace {
  readonly clock: TraceClock;
  /** Whether the id is one: an id generator of the application's may make whatever it likes. */
  readonly hasWords: boolean;
  /** The id in four 32-bit words. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  /** How many spans have been recorded here, the local root included. */
  spans = 0;
  /** Whether no span but the root has room any more. */
  isFull = false;
  /** What was left out, if anything was. */
  account: TraceAccount | undefined = undefined;
  #id: string | undefined;

  private constructor(
    clock: TraceClock,
    a: number,
    b: number,
    c: number,
    d: number,
    id: string | undefined,
  ) {
    this.clock = clock;
    this.#id = id;
    this.hasWords = id === undefined || WELL_FORMED.test(id);
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  /** A trace that begins here. */
  static begin(clock: TraceClock, random: RandomWords): LocalTrace {
    const [a, b, c] = [random.next(), random.next(), random.next()];
    // The last is never 0, so that no id is.
    return new LocalTrace(clock, a, b, c, random.next() || 1, undefined);
  }

  /** A trace whose id somebody else has made. */
  static join(clock: TraceClock, id: string): LocalTrace {
    const [a, b] = [hexToWord(id, 0), hexToWord(id, 8)];
    return new LocalTrace(clock, a, b, hexToWord(id, 16), hexToWord(id, 24), id);
  }

  /** A trace that another thread has made, by the words of its id. */
  static resume(clock: TraceClock, [a, b, c, d]: Words): LocalTrace {
    return new LocalTrace(clock, a, b, c, d, undefined);
  }

  get isNonZero(): boolean {
    return (this.a | this.b | this.c | this.d) !== 0;
  }

  get id(): string {
    return (this.#id ??= traceIdToHex(this.a, this.b, this.c, this.d));
  }
}
