import { randomFillSync } from 'node:crypto';
import { TraceFlags } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';

const POOL_BYTES = 12_288;
/** So many are made digits at a time. Not more: an id that is kept may keep the text that it is a part of. */
const SHEET_BYTES = 1536;
/** Of a trace's id and a span's. */
const [TRACE_DIGITS, SPAN_DIGITS] = [32, 16];
const ZEROS = '0'.repeat(16);

/**
 * Ids as digits, for what is never a span: nobody needs them as numbers. Drawn from the operating system many
 * at a time, as `RandomWords`.
 */
export class LeftOutIds {
  readonly #pool = Buffer.alloc(POOL_BYTES);
  #nextSheet = POOL_BYTES;
  #sheet = '';
  #next = 0;

  /** The ids of a root that is sampled out. */
  next(): SpanContext {
    if (this.#next === this.#sheet.length) this.#turn();
    const traceId = this.#take(TRACE_DIGITS);
    const spanId = this.#take(SPAN_DIGITS);
    // Never zeros, as no id is: the last half of a trace's as well.
    if (traceId.endsWith(ZEROS) || spanId === ZEROS) return this.next();
    return { traceId, spanId, traceFlags: TraceFlags.NONE };
  }

  #take(digits: number): string {
    const start = this.#next;
    this.#next += digits;
    return this.#sheet.slice(start, this.#next);
  }

  #turn(): void {
    if (this.#nextSheet === POOL_BYTES) {
      randomFillSync(this.#pool);
      this.#nextSheet = 0;
    }
    this.#sheet = this.#pool.toString('hex', this.#nextSheet, this.#nextSheet + SHEET_BYTES);
    this.#nextSheet += SHEET_BYTES;
    this.#next = 0;
  }
}
