import { types } from 'node:util';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { processSlot } from '../process-slot.js';
import { guard } from '../span/guard.js';
import type { SpanSpec } from '../span/recording.js';
import type { RepeatLimits } from '../span/budget/repeat-limits.js';
import { shadowMethod } from '../span/results/own-method.js';
import { CallTally } from './call-tally.js';
import { EnclosingCall } from './enclosing-calls.js';

/** Calls of more names under one parent are not counted: names may be made of what comes from outside. */
const MAX_NAMES = 1000;

interface CallsOfName {
  calls: number;
  /** Of those that have no span of their own. */
  tally: CallTally | undefined;
  /** What those that have one are to what they call. */
  enclosing: EnclosingCall | undefined;
}

const repeatedUnder = processSlot('repeated calls', () => new WeakMap<Span, RepeatedCalls>());

/**
 * The calls under one parent that may be very many: an automatic method in a loop, handlers of events that
 * are published at once, resolvers of a field. Of each name the first calls have spans of their own; the
 * rest is measured, and has one span together, which is made when the parent ends. What runs in them, and
 * what they log, belongs to the parent: nothing hangs on a span that is never exported.
 */
export class RepeatedCalls {
  readonly #names = new Map<string, CallsOfName>();
  readonly #parent: Span;
  #state: 'few' | 'collapsing' | 'closed' = 'few';

  private constructor(parent: Span) {
    this.#parent = parent;
  }

  /** Those under a span, if there are any. */
  static knownUnder(parent: Span): RepeatedCalls | undefined {
    return repeatedUnder.current.get(parent);
  }

  /** Those under a span. */
  static under(parent: Span): RepeatedCalls {
    const known = RepeatedCalls.knownUnder(parent);
    if (known !== undefined) return known;
    const made = new RepeatedCalls(parent);
    repeatedUnder.current.set(parent, made);
    return made;
  }

  /**
   * Takes that a call begins. Returns what measures it if it is one too many for a span of its own.
   *
   * @param ctx the context that it begins in
   */
  next(spec: SpanSpec, limits: RepeatLimits, ctx: Context, tracer: Tracer): CallTally | undefined {
    let ofName = this.#names.get(spec.name);
    if (ofName === undefined) {
      if (this.#names.size >= MAX_NAMES) return undefined;
      ofName = { calls: 0, tally: undefined, enclosing: undefined };
      this.#names.set(spec.name, ofName);
    }
    ofName.calls += 1;
    if (ofName.calls <= limits.collapseAfter) return undefined;
    if (ofName.tally === undefined && this.#watchParent()) {
      ofName.tally = new CallTally(spec, { tracer, parent: ctx }, limits);
    }
    return ofName.tally;
  }

  /** Returns what measures the calls of a name, if there have been too many. */
  tallyOf(name: string): CallTally | undefined {
    return this.#names.get(name)?.tally;
  }

  /** Returns what the calls of a name that are counted here are to what they call. */
  enclosing(name: string, ctx: Context): EnclosingCall | undefined {
    const ofName = this.#names.get(name);
    return ofName && (ofName.enclosing ??= new EnclosingCall(name, ctx, this.#parent));
  }

  /** Whether the end of the parent will be seen: else nobody would make the span of all. */
  #watchParent(): boolean {
    if (this.#state === 'collapsing') return true;
    const parent = this.#parent;
    if (this.#state === 'closed' || types.isProxy(parent)) return false;
    // oxlint-disable-next-line typescript/unbound-method -- it is called with whatever receiver it gets
    const { end } = parent;
    const close = (): void => this.#close();
    const undo = shadowMethod(parent, 'end', function (this: unknown, ...args: never[]) {
      undo?.();
      guard('summarising repeated calls', close);
      return Reflect.apply(end, this, args);
    });
    if (undo === undefined) return false;
    this.#state = 'collapsing';
    return true;
  }

  #close(): void {
    this.#state = 'closed';
    for (const { tally } of this.#names.values()) tally?.close();
    this.#names.clear();
  }
}
