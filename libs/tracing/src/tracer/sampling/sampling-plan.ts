import { SamplingDecision } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { Sampler } from '@opentelemetry/sdk-trace';

/** What a sampler decides, for each kind of span without links, where that is always the same. */
export interface SamplingPlan {
  readonly root: SamplingDecision | undefined;
  readonly localSampled: SamplingDecision | undefined;
  readonly localUnsampled: SamplingDecision | undefined;
  readonly remoteSampled: SamplingDecision | undefined;
  readonly remoteUnsampled: SamplingDecision | undefined;
  /** Of a root that begins where the span that it links to is not sampled, where it follows that span. */
  readonly unsampledLink?: SamplingDecision | undefined;
  /** Whether it may decide by a span's attributes, so that they have to be there when it is asked. */
  readonly readsAttributes: boolean;
}

/** A sampler that knows its own plan, since it hands most questions on to another one. */
export interface PlannedSampler extends Sampler {
  readonly plan: SamplingPlan;
}

const ASK: SamplingPlan = {
  root: undefined,
  localSampled: undefined,
  localUnsampled: undefined,
  remoteSampled: undefined,
  remoteUnsampled: undefined,
  readsAttributes: true,
};

/**
 * The plan of a sampler. OpenTelemetry's own samplers need not be asked about each span: neither a
 * context nor attributes nor ids have to be made for them. A class derived from one of them is asked.
 */
export function samplingPlan(sampler: Sampler): SamplingPlan {
  const { plan } = sampler as Partial<PlannedSampler>;
  if (plan !== undefined) return plan;
  const always = constantDecision(sampler);
  if (always !== undefined) return everywhere(always);
  if (isRatio(sampler)) return { ...ASK, readsAttributes: false };
  return isExactly(sampler, ParentBasedSampler) ? parentBasedPlan(sampler) : ASK;
}

/** The parts of a parent-based sampler are private; where they are not found it is asked. */
function parentBasedPlan(sampler: ParentBasedSampler): SamplingPlan {
  const part = (name: string) => Reflect.get(sampler, `_${name}`) as Sampler | undefined;
  const parts = [
    part('root'),
    part('localParentSampled'),
    part('localParentNotSampled'),
    part('remoteParentSampled'),
    part('remoteParentNotSampled'),
  ] as const;
  const [root, localSampled, localUnsampled, remoteSampled, remoteUnsampled] = parts.map(
    (each) => each && constantDecision(each),
  );
  const isKnown = (each: Sampler | undefined) =>
    each !== undefined && (constantDecision(each) !== undefined || isRatio(each));
  const readsAttributes = !parts.every(isKnown);
  return { root, localSampled, localUnsampled, remoteSampled, remoteUnsampled, readsAttributes };
}

function constantDecision(sampler: Sampler): SamplingDecision | undefined {
  if (isExactly(sampler, AlwaysOnSampler)) return SamplingDecision.RECORD_AND_SAMPLED;
  if (isExactly(sampler, AlwaysOffSampler)) return SamplingDecision.NOT_RECORD;
  return isRatio(sampler) ? RATIO_DECISIONS.get(sampler.toString()) : undefined;
}

/** What a ratio of all or none decides, by the sampler's description, which the specification asks for. */
const RATIO_DECISIONS: ReadonlyMap<string, SamplingDecision> = new Map([
  ['TraceIdRatioBased{0}', SamplingDecision.NOT_RECORD],
  ['TraceIdRatioBased{1}', SamplingDecision.RECORD_AND_SAMPLED],
]);

/** It decides by the trace id alone. */
function isRatio(sampler: Sampler): sampler is TraceIdRatioBasedSampler {
  return isExactly(sampler, TraceIdRatioBasedSampler);
}

function everywhere(decision: SamplingDecision): SamplingPlan {
  return {
    root: decision,
    localSampled: decision,
    localUnsampled: decision,
    remoteSampled: decision,
    remoteUnsampled: decision,
    readsAttributes: false,
  };
}

function isExactly<T extends object>(value: object, type: new (...args: never[]) => T): value is T {
  return Object.getPrototypeOf(value) === type.prototype && !Object.hasOwn(value, 'shouldSample');
}
