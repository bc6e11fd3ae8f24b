import { ROOT_CONTEXT, SamplingDecision } from '@opentelemetry/api';
import type { Context, Span, SpanOptions } from '@opentelemetry/api';
import type { LocalTrace } from '../ids/local-trace.js';
import type { LeanSpan } from '../lean-span.js';
import type { Parent } from '../parent.js';
import { originOf } from '../parent.js';
import type { SpanMaker } from '../span-maker.js';
import { cleanLink } from '../span-parts.js';
import type { TracerMetrics } from '../tracer-metrics.js';
import { SampledOutRoot } from './sampled-out-root.js';
import type { LateRecorder } from './sampled-out-root.js';
import type { SamplingRule } from './sampling-rule.js';

/** Opens the roots that rules decide on: no sampler is asked. */
export class RuledRoots implements LateRecorder {
  readonly #maker: SpanMaker;
  readonly #metrics: TracerMetrics | undefined;

  constructor(maker: SpanMaker, metrics: TracerMetrics | undefined) {
    this.#maker = maker;
    this.#metrics = metrics;
  }

  start(
    rule: SamplingRule,
    name: string,
    options: SpanOptions,
    ctx: Context,
    parent: Parent | undefined,
    local: LocalTrace,
    id: string | undefined,
    now: number,
  ): Span {
    const { NOT_RECORD, RECORD_AND_SAMPLED } = SamplingDecision;
    const decision = rule.keeps(local) ? RECORD_AND_SAMPLED : NOT_RECORD;
    const identity = this.#maker.identify(local, id, decision, parent?.traceState);
    const onEnded = this.#metrics?.start(originOf(parent), decision);
    if (decision === NOT_RECORD) return new SampledOutRoot(identity, parent, rule, now, this);
    const span = this.#maker.make(identity, parent, name, options, now, onEnded);
    rule.mark(span.attributeList);
    return this.#begin(span, options, ctx);
  }

  /** From its start, with what it was told meanwhile. */
  recordLate(root: SampledOutRoot, name: string, options: SpanOptions): Span {
    const { identity, parent, startedAt, rule } = root;
    const sampled = identity.sampled();
    const span = this.#maker.make(sampled, parent, name, options, startedAt, undefined);
    rule.mark(span.attributeList, true);
    span.attributeList.addAll(root.attributes);
    this.#begin(span, options, ROOT_CONTEXT);
    for (const event of root.events) span.addEvent(event.name, event.attributes, event.time);
    return span;
  }

  #begin(span: LeanSpan, options: SpanOptions, ctx: Context): LeanSpan {
    const { limits } = this.#maker.shared;
    if (options.links?.length) span.startWith(options.links.map((link) => cleanLink(link, limits)));
    return this.#maker.begin(span, options, ctx);
  }
}
