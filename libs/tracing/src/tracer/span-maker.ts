import { SamplingDecision, SpanKind } from '@opentelemetry/api';
import type { Context, TraceState } from '@opentelemetry/api';
import { AttributeList } from './attributes/attribute-list.js';
import { PAIRS } from './attributes/pairs.js';
import type { LocalTrace } from './ids/local-trace.js';
import type { SpanIdentity } from './ids/span-identity.js';
import { LeanSpan } from './lean-span.js';
import type { Parent } from './parent.js';
import type { SubjectOptions } from './sampling/sampling-subject.interface.js';
import type { SpanShared } from './span-shared.js';
import { tellStart } from './tell-processors.js';
import type { TracerParts } from './tracer-parts.interface.js';

/** Makes spans of one tracer, once it is decided what becomes of them. */
export class SpanMaker {
  readonly shared: SpanShared;
  readonly #parts: TracerParts;

  constructor(shared: SpanShared, parts: TracerParts) {
    this.shared = shared;
    this.#parts = parts;
  }

  /** @param onEnded told of the end of the span */
  make(
    identity: SpanIdentity,
    parent: Parent | undefined,
    name: string,
    options: SubjectOptions,
    now: number,
    onEnded: (() => void) | undefined,
  ): LeanSpan {
    const attributes = this.attributeList();
    const { [PAIRS]: pairs } = options;
    if (pairs !== undefined) attributes.take(pairs);
    else {
      const given = options.attributes;
      if (given) attributes.startWith(given, this.#parts.prepared);
    }
    const kind = options.kind ?? SpanKind.INTERNAL;
    return new LeanSpan(this.shared, identity, parent, name, kind, attributes, now, onEnded);
  }

  /** Lets a span begin: from now on everybody sees it. */
  begin(span: LeanSpan, { startTime }: SubjectOptions, ctx: Context): LeanSpan {
    span.identity.trace.spans += 1;
    if (startTime !== undefined && (startTime as unknown) !== null) span.startAt(startTime);
    const { processors, guard } = this.shared;
    if (guard?.wantsStart === true) tellStart([guard], span, ctx);
    tellStart(processors, span, ctx);
    return span;
  }

  attributeList(): AttributeList {
    return new AttributeList(this.shared.limits.attributeCountLimit, this.#parts.valueLength);
  }

  /** @param id if an id generator of the application's has made it */
  identify(
    local: LocalTrace,
    id: string | undefined,
    decision: SamplingDecision,
    traceState: TraceState | undefined,
  ): SpanIdentity {
    const isSampled = decision === SamplingDecision.RECORD_AND_SAMPLED;
    return this.#parts.identities.spanIn(local, id, isSampled, traceState);
  }
}
