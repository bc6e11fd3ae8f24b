import { trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { processSlot } from '../process-slot.js';

/** A call that has a span, and where the calls of its name are counted. */
interface EnclosingCall {
  readonly name: string;
  readonly countedIn: Context;
}

/** Two methods that call each other have one between them; more than these are not looked through. */
const MAX_ENCLOSING = 8;

/** By the span of a call: itself and what is around it, the nearest first, each name once. */
const enclosing = processSlot(
  'enclosing calls',
  () => new WeakMap<Span, readonly EnclosingCall[]>(),
);

/**
 * Returns the context whose span a call is counted under. One inside of a call of the same name counts where
 * that one does: else each level of a recursion had another parent, and nothing would repeat under it.
 */
export function countingContext(ctx: Context, name: string): Context {
  const counted = around(ctx).find((call) => call.name === name)?.countedIn;
  return counted !== undefined && trace.getSpan(counted)?.isRecording() === true ? counted : ctx;
}

/** Takes that a call has a span. */
export function noteEnclosing(span: Span, parent: Context, call: EnclosingCall): void {
  const others = around(parent).filter(({ name }) => name !== call.name);
  enclosing.current.set(span, [call, ...others.slice(0, MAX_ENCLOSING - 1)]);
}

function around(ctx: Context): readonly EnclosingCall[] {
  const span = trace.getSpan(ctx);
  return (span && enclosing.current.get(span)) ?? [];
}
