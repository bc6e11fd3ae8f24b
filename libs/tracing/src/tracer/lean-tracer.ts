import {
  INVALID_SPAN_CONTEXT,
  SamplingDecision,
  SpanKind,
  context,
  diag,
  trace,
} from '@opentelemetry/api';
import type { Context, Span, SpanOptions, Tracer } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import type { InspectOptionsStylized, inspect as Inspect } from 'node:util';
import { askSampler } from './application-parts.js';
import { AttributeList } from './attributes/attribute-list.js';
import { OverBudgetSpan } from './budget/over-budget-span.js';
import type { SpanBudget } from './budget/span-budget.js';
import { withSpan } from './context-with-span.js';
import { INSPECT, inspectAs, settledAttributes } from './inspect.js';
import { LeanSpan } from './lean-span.js';
import type { LeftOut } from './left-out/left-out.js';
import type { LocalTrace } from './ids/local-trace.js';
import type { Parent } from './parent.js';
import { originOf, parentOf, plannedDecision } from './parent.js';
import { SpanIdentity } from './ids/span-identity.js';
import { RuledRoots } from './sampling/ruled-roots.js';
import type { SamplingRules } from './sampling/sampling-rules.js';
import type { SubjectOptions } from './sampling/sampling-subject.interface.js';
import { SpanMaker } from './span-maker.js';
import { cleanLink } from './span-parts.js';
import type { SpanShared } from './span-shared.js';
import type { TracerParts } from './tracer-parts.interface.js';
import { UnsampledSpan } from './unsampled-span.js';

const NO_OPTIONS: SpanOptions = {};

/** Opens spans. It does what the SDK's tracer does, and asks only the samplers that have to be asked. */
export class LeanTracer implements Tracer {
  readonly shared: SpanShared;
  readonly #parts: TracerParts;
  readonly #maker: SpanMaker;
  readonly #ruled: RuledRoots;

  constructor(shared: SpanShared, parts: TracerParts) {
    this.shared = shared;
    this.#parts = parts;
    this.#maker = new SpanMaker(shared, parts);
    this.#ruled = new RuledRoots(this.#maker, parts.metrics);
  }

  startSpan(name: string, options: SubjectOptions = NO_OPTIONS, given = context.active()): Span {
    const ctx = options.root === true ? trace.deleteSpan(given) : given;
    if (isTracingSuppressed(ctx)) {
      diag.debug('Instrumentation suppressed, returning Noop Span');
      return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    }
    const parent = parentOf(ctx);
    const { budget } = this.#parts;
    if (budget !== undefined && parent instanceof SpanIdentity) {
      if (!budget.allows(parent.trace, name)) return new OverBudgetSpan(parent);
    }
    const { identities, rules } = this.#parts;
    // The SDK asks for the span's id first.
    const id = identities.askedSpanId();
    const local = identities.traceOf(parent);
    const now = local.clock.now();
    const rule = rules?.decidingOn(options, parent);
    if (rule !== undefined)
      return this.#ruled.start(rule, name, options, ctx, parent, local, id, now);
    return !options.links?.length
      ? this.#startPlain(name, options, ctx, parent, local, id, now)
      : this.#startAsked(name, options, ctx, parent, local, id, now);
  }

  /** What decides on roots before the sampler does. */
  get rules(): SamplingRules | undefined {
    return this.#parts.rules;
  }

  /** What one trace may record. */
  get budget(): SpanBudget | undefined {
    return this.#parts.budget;
  }

  /** The spans that need not be started. */
  get leftOut(): LeftOut {
    return this.#parts.leftOut;
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    context: Context,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan(name: string, ...args: unknown[]): unknown {
    if (args.length === 0) return undefined;
    const fn = args[Math.min(args.length, 3) - 1] as (span: Span) => unknown;
    const options = args.length > 1 ? (args[0] as SpanOptions | undefined) : undefined;
    const parent =
      (args.length > 2 ? (args[1] as Context | undefined) : undefined) ?? context.active();
    const span = this.startSpan(name, options, parent);
    return context.with(withSpan(parent, span), fn, undefined, span);
  }

  [INSPECT](depth: number, options: InspectOptionsStylized, inspect: typeof Inspect): string {
    const { instrumentationScope, resource, limits } = this.shared;
    const payload = {
      instrumentationScope,
      resource: { attributes: settledAttributes(resource) },
      spanLimits: limits,
    };
    return inspectAs('LeanTracer', payload, depth, options, inspect);
  }

  /** No links: the plan may know the decision. */
  #startPlain(
    name: string,
    options: SpanOptions,
    ctx: Context,
    parent: Parent | undefined,
    local: LocalTrace,
    id: string | undefined,
    now: number,
  ): Span {
    const decision = plannedDecision(this.#parts.plan, parent);
    if (decision === undefined) return this.#startAsked(name, options, ctx, parent, local, id, now);
    const identity = this.#maker.identify(local, id, decision, parent?.traceState);
    const onEnded = this.#parts.metrics?.start(originOf(parent), decision);
    if (decision === SamplingDecision.NOT_RECORD) return new UnsampledSpan(identity);
    const span = this.#maker.make(identity, parent, name, options, now, onEnded);
    return this.#maker.begin(span, options, ctx);
  }

  #startAsked(
    name: string,
    options: SpanOptions,
    ctx: Context,
    parent: Parent | undefined,
    local: LocalTrace,
    id: string | undefined,
    now: number,
  ): Span {
    const { limits } = this.shared;
    const kind = options.kind ?? SpanKind.INTERNAL;
    const links = options.links?.map((link) => cleanLink(link, limits)) ?? [];
    const { sampler, plan } = this.#parts;
    const given = new AttributeList(Infinity, Infinity);
    const early = plan.readsAttributes ? options.attributes : undefined;
    if (early) given.addAll(early);
    const asked = given.toObject();
    const result = askSampler(sampler, parent, ctx, local.id, name, kind, asked, links);
    const { decision } = result;
    const identity = this.#maker.identify(
      local,
      id,
      decision,
      result.traceState ?? parent?.traceState,
    );
    const onEnded = this.#parts.metrics?.start(originOf(parent), decision);
    if (decision === SamplingDecision.NOT_RECORD) return new UnsampledSpan(identity);
    const attributes = this.#maker.attributeList();
    const late = plan.readsAttributes ? undefined : options.attributes;
    if (late) attributes.addAll(late);
    attributes.addAll(Object.assign(asked, result.attributes));
    attributes.dropped += given.dropped;
    const span = new LeanSpan(this.shared, identity, parent, name, kind, attributes, now, onEnded);
    if (links.length > 0) span.startWith(links);
    return this.#maker.begin(span, options, ctx);
  }
}
