import { context, trace } from '@opentelemetry/api';
import type { Context, Link, SpanContext } from '@opentelemetry/api';
import { Entry } from '../../entry/entry.js';

/** More links than a span has by default would only be counted as dropped. */
const MAX_OPERATIONS = 128;

/** Which operations have asked for the keys of one batch. Loaders load for many at a time. */
export class BatchSites {
  /** Where the first one asked: there its parent is. */
  readonly context = context.active();
  readonly #operations = new Map<string, SpanContext>();
  readonly #keys = new Set<unknown>();

  /** How many operations there are. */
  get size(): number {
    return this.#operations.size;
  }

  /** Whether a key is in the batch, so that who asks for it once more waits for it too. */
  has(key: unknown): boolean {
    return this.#keys.has(key);
  }

  /** Somebody asks for a key here. */
  add(key: unknown): void {
    this.#keys.add(key);
    const span = spanHere();
    if (span === undefined || this.#operations.size >= MAX_OPERATIONS) return;
    this.#operations.set(span.spanId, span);
  }

  /** The links of a batch to all operations but the one that it belongs to. */
  links(): Link[] {
    const [, ...others] = this.#operations.values();
    return others.map((other) => ({ context: other }));
  }
}

/** The span of the operation that runs here, or what else is active. */
export function spanHere(ctx: Context = context.active()): SpanContext | undefined {
  return Entry.in(ctx)?.span?.spanContext() ?? trace.getSpanContext(ctx);
}
