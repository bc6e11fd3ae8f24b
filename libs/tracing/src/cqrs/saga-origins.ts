import { context } from '@opentelemetry/api';
import type { Context, Link, SpanContext } from '@opentelemetry/api';
import { contextKey } from '../context-key.js';
import { isObject } from '../span/is-object.js';

const ORIGINS = contextKey('saga origins');
/** More than a span has links for by default would only be counted as dropped. */
const MAX_ORIGINS = 128;

/** Which span has published an event. */
export class SagaOrigins {
  readonly #publishedBy = new WeakMap<object, SpanContext>();
  readonly #commands = new WeakSet();

  published(event: unknown, by: SpanContext): void {
    if (isObject(event)) this.#publishedBy.set(event, by);
  }

  /** A saga has made this of its events. */
  commanded(command: unknown): void {
    if (isObject(command)) this.#commands.add(command);
  }

  /** Whether a saga has made the command, so that nobody waits for it. */
  isOfSaga(command: unknown): boolean {
    return isObject(command) && this.#commands.has(command);
  }

  /** Returns who published the events that a value of a saga's stream is a list or a record of. */
  of(value: unknown): readonly SpanContext[] {
    if (!Array.isArray(value) && !isRecord(value)) return [];
    const found: SpanContext[] = [];
    for (const event of Object.values(value).slice(0, MAX_ORIGINS) as unknown[]) {
      const by = isObject(event) ? this.#publishedBy.get(event) : undefined;
      if (by !== undefined) found.push(by);
    }
    return found;
  }
}

/** Returns a context whose next command comes of these, too. */
export function withOrigins(origins: readonly SpanContext[]): Context {
  return context.active().setValue(ORIGINS, origins);
}

/** Returns the links of a command that is executed here to all that it comes of, but for its parent. */
export function originLinks(ctx: Context, parent: SpanContext | undefined): Link[] {
  const origins = (ctx.getValue(ORIGINS) ?? []) as readonly SpanContext[];
  const others = new Map(origins.map((origin) => [origin.spanId, origin]));
  if (parent !== undefined) others.delete(parent.spanId);
  return [...others.values()].map((origin) => ({ context: origin }));
}

/** Returns a context whose commands come of nothing but itself. */
export function withoutOrigins(ctx: Context): Context {
  return ctx.getValue(ORIGINS) === undefined ? ctx : ctx.deleteValue(ORIGINS);
}

/** What `combineLatest({ a, b })` emits; an event has a class of its own as a rule. */
function isRecord(value: unknown): value is object {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
}
