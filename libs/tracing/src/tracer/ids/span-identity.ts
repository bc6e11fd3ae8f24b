import { TraceFlags, isSpanContextValid } from '@opentelemetry/api';
import type { SpanContext, TraceState } from '@opentelemetry/api';
import { hexToWord, spanIdToHex } from './hex-id.js';
import type { LocalTrace } from './local-trace.js';

const WELL_FORMED = /^[\da-f]{16}$/;

/**
 * Who a span is. Its id is two numbers; digits and the `SpanContext` of OpenTelemetry's API are made
 * when somebody asks, which for most spans nobody does.
 */
export class SpanIdentity {
  readonly trace: LocalTrace;
  /** The span's id in two 32-bit words. */
  readonly high: number;
  readonly low: number;
  readonly hasWords: boolean;
  readonly isSampled: boolean;
  readonly traceState: TraceState | undefined;
  #id: string | undefined;
  #context: SpanContext | undefined;

  /** @param id if an id generator of the application's has made it */
  constructor(
    trace: LocalTrace,
    high: number,
    low: number,
    isSampled: boolean,
    traceState: TraceState | undefined,
    id?: string,
  ) {
    this.trace = trace;
    this.high = high;
    this.low = low;
    this.hasWords = id === undefined || WELL_FORMED.test(id);
    this.isSampled = isSampled;
    this.traceState = traceState;
    this.#id = id;
  }

  /** An identity whose id somebody else has made. */
  static of(
    trace: LocalTrace,
    id: string,
    isSampled: boolean,
    traceState: TraceState | undefined,
  ): SpanIdentity {
    return new SpanIdentity(trace, hexToWord(id, 0), hexToWord(id, 8), isSampled, traceState, id);
  }

  /** The same identity, as that of a span which is sampled after all. */
  sampled(): SpanIdentity {
    return new SpanIdentity(
      this.trace,
      this.high,
      this.low,
      true,
      this.traceState,
      this.hasWords ? undefined : this.id,
    );
  }

  get id(): string {
    return (this.#id ??= spanIdToHex(this.high, this.low));
  }

  get context(): SpanContext {
    return (this.#context ??= {
      traceId: this.trace.id,
      spanId: this.id,
      traceFlags: this.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
      ...(this.traceState === undefined ? {} : { traceState: this.traceState }),
    });
  }

  /** Whether it may be a parent. Ids that are made here always are; an id generator's need not be. */
  get isValid(): boolean {
    const isMade = this.hasWords && (this.high | this.low) !== 0;
    return (
      (isMade && this.trace.hasWords && this.trace.isNonZero) || isSpanContextValid(this.context)
    );
  }
}
