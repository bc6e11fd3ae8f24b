import type { TraceState } from '@opentelemetry/api';
import type { IdGenerator } from '@opentelemetry/sdk-trace';
import { askForId } from '../application-parts.js';
import type { Parent } from '../parent.js';
import type { TraceClocks } from '../clock/trace-clock.js';
import { LocalTrace } from './local-trace.js';
import type { RandomWords } from './random-words.js';
import { SpanIdentity } from './span-identity.js';

/** Makes the identities of spans and traces, by an id generator of the application's where there is one. */
export class Identities {
  readonly #random: RandomWords;
  readonly #clocks: TraceClocks;
  readonly #ids: IdGenerator | undefined;

  constructor(random: RandomWords, clocks: TraceClocks, ids: IdGenerator | undefined) {
    this.#random = random;
    this.#clocks = clocks;
    this.#ids = ids;
  }

  /** The id of a span from the application's generator. */
  askedSpanId(): string | undefined {
    return askForId(this.#ids, 'generateSpanId');
  }

  /** The trace of a span with this parent, or a new one. */
  traceOf(parent: Parent | undefined): LocalTrace {
    if (parent instanceof SpanIdentity) return parent.trace;
    const clock = this.#clocks.current();
    if (parent !== undefined) return LocalTrace.join(clock, parent.traceId);
    const id = askForId(this.#ids, 'generateTraceId');
    return id === undefined ? LocalTrace.begin(clock, this.#random) : LocalTrace.join(clock, id);
  }

  /** @param id if the application's generator has made it */
  spanIn(
    local: LocalTrace,
    id: string | undefined,
    isSampled: boolean,
    traceState: TraceState | undefined,
  ): SpanIdentity {
    const random = this.#random;
    if (id !== undefined) return SpanIdentity.of(local, id, isSampled, traceState);
    return new SpanIdentity(local, random.next(), random.next() || 1, isSampled, traceState);
  }
}
