import { getStringFromEnv } from '@opentelemetry/core';
import type { Sampler } from '@opentelemetry/sdk-trace';
import { ParentBasedSampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import type { TracingModuleOptions } from '../options/tracing-options.interface.js';

/** The sampler that the options ask for, or undefined if the environment decides. */
export function samplerOf({ sampler, sdk }: TracingModuleOptions): Sampler | undefined {
  if (sampler === undefined) return sdk?.sampler;
  if (!('ratio' in sampler)) return sampler;
  return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampler.ratio) });
}

/**
 * Whether a sampler is known to sample no child of an unsampled local parent. A sampler tells it in
 * its description, which the specification asks for; the environment by its sampler's name.
 *
 * @see https://opentelemetry.io/docs/specs/otel/trace/sdk/#parentbased
 */
export function followsLocalParent(sampler: Sampler | undefined): boolean {
  if (sampler !== undefined)
    return sampler.toString().endsWith('localParentNotSampled=AlwaysOffSampler}');
  const named = getStringFromEnv('OTEL_TRACES_SAMPLER');
  return named !== 'always_on' && named !== 'always_off' && named !== 'traceidratio';
}
