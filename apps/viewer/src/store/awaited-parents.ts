import type { ReceivedSpan } from '../telemetry.interface.js';
import type { StoredSpans } from './stored-spans.js';

/** Parents that spans of one trace name and that are not here. */
export class AwaitedParents {
  readonly #awaited = new Set<string>();
  #isStale = false;

  constructor(private readonly spans: StoredSpans) {}

  get size(): number {
    if (this.#isStale) {
      this.#isStale = false;
      this.#awaited.clear();
      for (const span of this.spans) this.#await(span);
    }
    return this.#awaited.size;
  }

  /** A span has come. */
  arrived(span: ReceivedSpan): void {
    this.#awaited.delete(span.spanId);
    this.#await(span);
  }

  /** A span has gone: what it named may be awaited no more, and it itself again. */
  hasGone(): void {
    this.#isStale = true;
  }

  #await({ parentSpanId, parentIsRemote }: ReceivedSpan): void {
    if (parentSpanId === undefined || parentIsRemote || this.spans.get(parentSpanId)) return;
    this.#awaited.add(parentSpanId);
  }
}
