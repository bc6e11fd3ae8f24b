import { SpanKind } from '@opentelemetry/api';
import type { Attributes, Link, SpanOptions, TimeInput, Tracer } from '@opentelemetry/api';
import { PAIRS, setPairs } from '../../tracer/attributes/pairs.js';
import type {
  SamplingSubject,
  SubjectOptions,
} from '../../tracer/sampling/sampling-subject.interface.js';
import { LeanTracer } from '../../tracer/lean-tracer.js';

/**
 * Options whose attributes are made when somebody reads them. Our tracer does so for a span that records and
 * for a sampler that decides by them: a request that is sampled out need not be described.
 */
class LazySpanOptions implements SubjectOptions {
  readonly kind = SpanKind.SERVER;
  readonly links: Link[];
  declare readonly startTime?: TimeInput;
  declare readonly subject?: SamplingSubject;
  readonly #describe: () => unknown[];

  constructor(
    describe: () => unknown[],
    links: Link[],
    startTime: number | undefined,
    subject: SamplingSubject | undefined,
  ) {
    this.links = links;
    if (startTime !== undefined) this.startTime = startTime;
    if (subject !== undefined) this.subject = subject;
    this.#describe = describe;
  }

  get [PAIRS](): unknown[] {
    return this.#describe();
  }

  get attributes(): Attributes {
    return attributesOf(this.#describe());
  }
}

function attributesOf(pairs: readonly unknown[]): Attributes {
  const attributes: Attributes = {};
  setPairs(attributes, pairs);
  return attributes;
}

/**
 * Returns the options of a SERVER span. Somebody else's tracer may copy them, which would lose what is
 * not there yet: it gets the attributes at once.
 *
 * @param describe returns its attributes, keys and values by turns
 * @param startTime in milliseconds since 1970; default: now
 * @param subject by what rules of sampling know the request
 */
export function serverSpanOptions(
  tracer: Tracer,
  describe: () => unknown[],
  links: Link[],
  startTime: number | undefined,
  subject: SamplingSubject | undefined,
): SpanOptions {
  if (tracer instanceof LeanTracer) return new LazySpanOptions(describe, links, startTime, subject);
  const options: SpanOptions = {
    kind: SpanKind.SERVER,
    attributes: attributesOf(describe()),
    links,
  };
  return startTime === undefined ? options : { ...options, startTime };
}
