import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { processSlot } from '../process-slot.js';

/** The key under which OpenTelemetry's API keeps the span of a context; it does not export it. */
const SPAN_KEY = spanKey();

/** Where a context of ours has its span. To look there takes less than to ask of what class it is. */
const SPAN = Symbol('span');

/**
 * A context with a span active. OpenTelemetry's own copies all values of its parent for each span;
 * this one keeps the span beside the values, which nested spans share.
 */
class ContextWithSpan implements Context {
  readonly #values: Context;
  readonly [SPAN]: Span;
  /** What is known of the span by whoever has opened it. */
  kept: object | undefined;

  constructor(values: Context, span: Span, kept?: object) {
    this.#values = values instanceof ContextWithSpan ? values.#values : values;
    this[SPAN] = span;
    this.kept = kept;
  }

  getValue(key: symbol): unknown {
    return key === SPAN_KEY ? this[SPAN] : this.#values.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    if (key === SPAN_KEY) return value === this[SPAN] ? this : withSpan(this, value as Span);
    return new ContextWithSpan(this.#values.setValue(key, value), this[SPAN], this.kept);
  }

  deleteValue(key: symbol): Context {
    if (key === SPAN_KEY) return this.#values.deleteValue(key);
    return new ContextWithSpan(this.#values.deleteValue(key), this[SPAN], this.kept);
  }
}

/** Runs something in the context that this file was loaded in: as a rule outside of everything. */
const outside = AsyncLocalStorage.snapshot() as <T>(fn: () => T) => T;

/** A context that is known to have no span. */
const spanless = processSlot('spanless context', () => ({ context: ROOT_CONTEXT }));

/**
 * Finds out what is active outside of everything, so that it is known by sight: the context manager has a
 * root context of its own copy of the API. To be called once the manager is there.
 */
export function learnRootContext(): void {
  const root = outside(() => context.active());
  if (trace.getSpan(root) === undefined) spanless.current.context = root;
}

/** As `trace.getSpan`, and cheaper where the answer is the usual one. */
export function spanIn(ctx: Context): Span | undefined {
  const { [SPAN]: span } = ctx as Partial<ContextWithSpan>;
  if (span !== undefined) return span;
  if (ctx === spanless.current.context) return undefined;
  return ctx.getValue(SPAN_KEY) as Span | undefined;
}

/** As `trace.setSpan`, at the cost of one small object. */
export function withSpan(parent: Context, span: Span): Context {
  return new ContextWithSpan(parent, span);
}

/** Keeps something with the span of a context that `withSpan` has just made, for what runs in it. */
export function keepWithSpan(ctx: Context, kept: object | undefined): void {
  if (ctx instanceof ContextWithSpan) ctx.kept = kept;
}

/** Returns what is kept with the span of a context. */
export function keptWithSpan(ctx: Context): object | undefined {
  return ctx instanceof ContextWithSpan ? ctx.kept : undefined;
}

function spanKey(): symbol {
  let found: symbol | undefined;
  const probe: Context = {
    getValue: () => undefined,
    setValue: (key) => {
      found = key;
      return ROOT_CONTEXT;
    },
    deleteValue: () => ROOT_CONTEXT,
  };
  trace.setSpan(probe, trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 }));
  return found as unknown as symbol;
}
