import { SpanKind, context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Attributes, Context } from '@opentelemetry/api';
import { contextKey } from '../context-key.js';
import type { AnyFunction } from '../span/record.js';
import type { SpanSite } from '../span/span-site.js';
import { record } from '../span/record.js';
import { spanSite } from '../span/span-site.js';
import type { SpanSpec } from '../span/recording.js';

/** Marks what runs inside of an `initialize()`, by a token of that run. */
const START_UP = contextKey('typeorm start-up');

/**
 * The `initialize()` calls of one DataSource: each gets an INTERNAL span, the parent of the
 * statements issued meanwhile. That span is not active inside, since pools and timers made there keep
 * the async context of their making for life.
 */
export class StartUp {
  #token: object | undefined;
  #context: Context | undefined;

  /** Whether an `initialize()` is under way. */
  get running(): boolean {
    return this.#token !== undefined;
  }

  /** Runs an `initialize()`. The span ends when it has settled. */
  run(
    attributes: Attributes,
    describeError: SpanSpec['describeError'],
    initialize: AnyFunction,
  ): unknown {
    const site = spanSite();
    if (site === undefined) return this.#outside(initialize, undefined);
    const spec = {
      name: 'DataSource.initialize',
      options: { kind: SpanKind.INTERNAL, attributes },
      describeError,
      startUp: true,
    };
    return record(site, spec, () => this.#outside(initialize, context.active()), undefined, []);
  }

  /**
   * Returns where a span opens: inside of the start-up if it is issued there, by no other span.
   *
   * @param requireParent whether a span that would be a root is none. Default: false
   * @param ctx where it is issued. Default: in the active context
   */
  site(requireParent = false, ctx: Context = context.active()): SpanSite | undefined {
    const site = this.#siteOf(spanSite(ctx));
    const parentless = requireParent && site !== undefined && !hasParent(site);
    return parentless ? undefined : site;
  }

  #siteOf(site: SpanSite | undefined): SpanSite | undefined {
    if (site === undefined || this.#context === undefined) return site;
    const { tracer, parent } = site;
    if (parent.getValue(START_UP) !== this.#token || trace.getSpan(parent) !== undefined)
      return site;
    return { tracer, parent: this.#context };
  }

  async #outside(initialize: AnyFunction, ctx: Context | undefined): Promise<unknown> {
    const token = {};
    this.#token = token;
    this.#context = ctx;
    try {
      const outside = trace.deleteSpan(context.active()).setValue(START_UP, token);
      return await context.with(outside, initialize);
    } finally {
      if (this.#token === token) this.#token = this.#context = undefined;
    }
  }
}

function hasParent({ parent }: SpanSite): boolean {
  const span = trace.getSpan(parent);
  return span !== undefined && isSpanContextValid(span.spanContext());
}
