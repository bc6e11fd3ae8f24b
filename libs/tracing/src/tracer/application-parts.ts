import type { IdGenerator, Sampler, SamplingResult } from '@opentelemetry/sdk-trace';
import type { Parent } from './parent.js';
import { followedDecision } from './parent.js';
import { reportFault } from './report-fault.js';

/**
 * Asks a sampler. Where it fails or does not answer, a span is sampled as OpenTelemetry's default
 * sampler would have it: as its parent, and a root always.
 */
export function askSampler(
  sampler: Sampler,
  parent: Parent | undefined,
  ...question: Parameters<Sampler['shouldSample']>
): SamplingResult {
  try {
    const answer = sampler.shouldSample(...question) as SamplingResult | null | undefined;
    if (answer !== undefined && answer !== null) return answer;
    throw new TypeError('it returned no SamplingResult');
  } catch (error) {
    reportFault('the sampler', error);
    return { decision: followedDecision(parent) };
  }
}

/** Asks a generator for an id; undefined if there is none, it fails or makes something else. */
export function askForId(
  ids: IdGenerator | undefined,
  method: keyof IdGenerator,
): string | undefined {
  if (ids === undefined) return undefined;
  try {
    const id: unknown = ids[method]();
    if (typeof id === 'string') return id;
    throw new TypeError(`it returned ${typeof id} instead of an id`);
  } catch (error) {
    reportFault(`${method} of the id generator`, error);
    return undefined;
  }
}
