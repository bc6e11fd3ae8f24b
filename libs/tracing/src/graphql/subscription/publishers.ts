import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';
import { standIn } from '../../decorators/stand-in.js';
import { isObject } from '../../span/is-object.js';
import { readGuarded } from '../../span/outcome/read-guarded.js';
import { shadowMethod } from '../../span/results/own-method.js';

/** What publishes events in this process: `PubSub` of graphql-subscriptions, or that of Mercurius. */
interface Engine {
  publish(...args: unknown[]): unknown;
}

/**
 * Knows which span published an event that stays in the process: it arrives as the very object. Engines
 * are found in the container, in GraphQL's context object, and behind the events that they hand out.
 */
export class Publishers {
  readonly #publishedBy = new WeakMap<object, SpanContext>();
  readonly #seen = new WeakSet();
  readonly #undo: (() => void)[] = [];

  /** Watches something if it is an engine, from now on. */
  watch(candidate: unknown): void {
    if (!isObject(candidate) || this.#seen.has(candidate) || !isEngine(candidate)) return;
    this.#seen.add(candidate);
    // oxlint-disable-next-line typescript/unbound-method -- it is called with whatever receiver it gets
    const { publish } = candidate;
    const stand = standIn(publish, (receiver, args) => {
      this.#note(args);
      return Reflect.apply(publish, receiver, args);
    });
    const undo = shadowMethod(candidate, 'publish', stand);
    if (undo !== undefined) this.#undo.push(undo);
  }

  /** Watches the engine that GraphQL's context object has, or that events come of. */
  watchBehind(holder: unknown): void {
    const behind = readGuarded(holder, 'pubsub');
    this.watch(behind);
    // Mercurius gives a subscription a part of its own.
    this.watch(readGuarded(behind, 'pubsub'));
  }

  /** Returns the span that published an event, if one did in this process. */
  of(event: unknown): SpanContext | undefined {
    return isObject(event) ? this.#publishedBy.get(event) : undefined;
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** `publish(trigger, payload)`, or `publish({ topic, payload })`. */
  #note(args: readonly unknown[]): void {
    const active = trace.getSpanContext(context.active());
    if (active === undefined || !isSpanContextValid(active)) return;
    const [first, second] = args;
    const payload = typeof first === 'string' ? second : readGuarded(first, 'payload');
    if (isObject(payload)) this.#publishedBy.set(payload, active);
  }
}

function isEngine(candidate: object): candidate is Engine & object {
  if (typeof readGuarded(candidate, 'publish') !== 'function') return false;
  if (typeof readGuarded(candidate, 'subscribe') !== 'function') return false;
  return ['asyncIterableIterator', 'asyncIterator', 'emitter'].some(
    (name) => readGuarded(candidate, name) !== undefined,
  );
}
