import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ReceivedSpan } from '../telemetry.interface.js';
import { MAX_OPEN, OPEN_MILLIS } from './limits.js';
import { TraceStore } from './trace-store.js';

const CHECK_MILLIS = 1_000;
const NANOS_PER_MILLI = 1_000_000n;

/** When an open span was heard of last. */
interface Heard {
  readonly traceId: string;
  readonly spanId: string;
  readonly millis: number;
}

/** Shows spans that have not ended, and forgets those whose process does not tell of them any more. */
@Injectable()
export class OpenSpanWatch implements OnApplicationShutdown {
  /** The one that was heard of longest ago comes first. */
  readonly #heard = new Map<string, Heard>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly store: TraceStore) {}

  /** Takes in what a process says is open now: so far each of them has lasted until now. */
  add(open: readonly ReceivedSpan[]): void {
    const millis = Date.now();
    const now = BigInt(millis) * NANOS_PER_MILLI;
    this.store.add({
      spans: open.map((span) => ({
        ...span,
        isPending: true,
        endNanos: now > span.startNanos ? now : span.startNanos,
      })),
    });
    for (const { traceId, spanId } of open) this.#hear({ traceId, spanId, millis });
    if (this.#heard.size > 0) this.#timer ??= setInterval(() => this.#check(), CHECK_MILLIS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  #hear(heard: Heard): void {
    const key = `${heard.traceId} ${heard.spanId}`;
    this.#heard.delete(key);
    this.#heard.set(key, heard);
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= MAX_OPEN) break;
      this.#forget(oldest);
    }
  }

  #check(): void {
    const since = Date.now() - OPEN_MILLIS;
    for (const [key, { millis }] of this.#heard) {
      if (millis > since) break;
      this.#forget(key);
    }
    if (this.#heard.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One that has ended meanwhile stays. */
  #forget(key: string): void {
    const { traceId, spanId } = this.#heard.get(key)!;
    this.#heard.delete(key);
    this.store.forgetOpen(traceId, spanId);
  }
}
