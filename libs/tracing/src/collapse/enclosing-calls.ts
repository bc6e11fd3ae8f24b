import type { Context, Span } from '@opentelemetry/api';
import { keptWithSpan, spanIn, withSpan } from '../tracer/context-with-span.js';

/** Two methods that call each other have one between them; more than these are not looked through. */
const MAX_ENCLOSING = 8;

/**
 * A call that has a span, by its name, and what is around it. All calls that are counted together have one.
 * The contexts of their spans keep it: whatever is called there finds it.
 */
export class EnclosingCall {
  readonly name: string;
  /** The context whose span the calls of this name are counted under. It keeps nothing of what is around. */
  readonly countedIn: Context;
  readonly outer: EnclosingCall | undefined;
  readonly #depth: number;

  /** @param parent the span of the context that the calls are made in */
  constructor(name: string, ctx: Context, parent: Span) {
    const outer = enclosingCall(ctx);
    const isTooDeep = outer !== undefined && outer.#depth >= MAX_ENCLOSING;
    this.name = name;
    this.countedIn = withSpan(ctx, parent);
    this.outer = isTooDeep ? undefined : outer;
    this.#depth = this.outer === undefined ? 1 : this.outer.#depth + 1;
  }
}

/**
 * Returns the call of the same name that a context is inside of, while the span that it is counted under is
 * open. What is called there counts where it does: else each level of a recursion had another parent, and
 * nothing would repeat under it.
 */
export function enclosingOfName(ctx: Context, name: string): EnclosingCall | undefined {
  let call = enclosingCall(ctx);
  while (call !== undefined && call.name !== name) call = call.outer;
  return call !== undefined && spanIn(call.countedIn)?.isRecording() === true ? call : undefined;
}

/** Returns the innermost call with a span that a context is inside of, if it is of those that may repeat. */
export function enclosingCall(ctx: Context): EnclosingCall | undefined {
  const kept = keptWithSpan(ctx);
  return kept instanceof EnclosingCall ? kept : undefined;
}
