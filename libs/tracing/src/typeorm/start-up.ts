import { SpanKind, context, createContextKey, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Attributes, Context } from '@opentelemetry/api';
import type { AnyFunction, SpanSite } from '../span/record.js';
import { record, spanSite } from '../span/record.js';
import type { SpanSpec } from '../span/recording.js';

/** Marks what runs inside of an `initialize()`, by a token of that run. */
const START_UP = createContextKey('nestjs-tracing typeorm start-up');

/**
 * The `initialize()` calls of one DataSource: each gets an INTERNAL span, the parent of the
 * statements issued meanwhile. That span is not active inside, since pools and timers made there keep
 * the async context of their making for life.
 */
export class StartUp {
  #token: object | undefined;
  #scope: Context | undefined;

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
   * Where a span opens now: inside of the start-up if it is issued there, by no other span.
   *
   * @param requireParent whether a span that would be a root is none. Default: false
   */
  site(requireParent = false): SpanSite | undefined {
    const site = this.#siteOf(spanSite());
    const parentless = requireParent && site !== undefined && !hasParent(site);
    return parentless ? undefined : site;
  }

  #siteOf(site: SpanSite | undefined): SpanSite | undefined {
    if (site === undefined || this.#scope === undefined) return site;
    const { tracer, parent } = site;
    if (parent.getValue(START_UP) !== this.#token || trace.getSpan(parent) !== undefined)
      return site;
    return { tracer, parent: this.#scope };
  }

  async #outside(initialize: AnyFunction, scope: Context | undefined): Promise<unknown> {
    const token = {};
    this.#token = token;
    this.#scope = scope;
    try {
      const outside = trace.deleteSpan(context.active()).setValue(START_UP, token);
      return await context.with(outside, initialize);
    } finally {
      if (this.#token === token) this.#token = this.#scope = undefined;
    }
  }
}

function hasParent({ parent }: SpanSite): boolean {
  const span = trace.getSpan(parent);
  return span !== undefined && isSpanContextValid(span.spanContext());
}
