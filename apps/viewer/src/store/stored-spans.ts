import type { ReceivedSpan } from '../telemetry.interface.js';

/** Spans of one id that are told apart. */
const MAX_COPIES = 8;

/** The spans of one trace by id; a second, different span of the same id has a place of its own. */
export class StoredSpans implements Iterable<ReceivedSpan> {
  readonly #spans = new Map<string, ReceivedSpan>();

  get size(): number {
    return this.#spans.size;
  }

  [Symbol.iterator](): Iterator<ReceivedSpan> {
    return this.#spans.values();
  }

  get(spanId: string, copy = 0): ReceivedSpan | undefined {
    return this.#spans.get(keyOf(spanId, copy));
  }

  /**
   * Where a span goes: in the place of the same span, should it come again, else in one of its own,
   * should another have its id. Beyond a few of one id there is none.
   */
  placeOf(span: ReceivedSpan): SpanPlace | undefined {
    for (let copy = 0; copy < MAX_COPIES; copy++) {
      const key = keyOf(span.spanId, copy);
      const known = this.#spans.get(key);
      if (!known || isSameSpan(known, span)) return { key, known };
    }
    return undefined;
  }

  put({ key }: SpanPlace, span: ReceivedSpan): void {
    this.#spans.set(key, span);
  }

  delete(spanId: string): void {
    this.#spans.delete(spanId);
  }
}

/** A place for a span, and what is in it. */
export interface SpanPlace {
  readonly key: string;
  readonly known: ReceivedSpan | undefined;
}

function keyOf(spanId: string, copy: number): string {
  return copy === 0 ? spanId : `${spanId}/${copy}`;
}

/** A span that is sent again, or whose end is known now. */
function isSameSpan(known: ReceivedSpan, span: ReceivedSpan): boolean {
  if (known.isPending || span.isPending) return true;
  return (
    known.startNanos === span.startNanos &&
    known.kind === span.kind &&
    known.service === span.service &&
    known.name === span.name
  );
}
