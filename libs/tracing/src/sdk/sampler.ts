import { diag } from '@opentelemetry/api';
import { getNumberFromEnv, getStringFromEnv } from '@opentelemetry/core';
import type { Sampler } from '@opentelemetry/sdk-trace';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { SamplerSettings } from '../options/sampler.schema.js';
import type { ResolvedOptions } from '../options/resolve-options.js';

/** The sampler that the options ask for, or undefined if the environment decides. */
export function samplerOf({
  sampler,
  sdk,
}: Pick<ResolvedOptions, 'sampler' | 'sdk'>): Sampler | undefined {
  if (sampler === undefined) return sdk?.sampler;
  if (!isShare(sampler)) return sampler;
  return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampler.ratio) });
}

/** Whether the option says which shares are kept, and is no sampler. */
export function isShare(
  sampler: NonNullable<ResolvedOptions['sampler']>,
): sampler is SamplerSettings {
  return !('shouldSample' in sampler);
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

/**
 * The sampler that OTEL_TRACES_SAMPLER names, as NodeSDK would make it: a sampler that is wrapped has
 * to be made here.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration
 */
export function samplerFromEnv(): Sampler {
  const named = getStringFromEnv('OTEL_TRACES_SAMPLER') ?? 'parentbased_always_on';
  const root = rootSampler(named.replace(/^parentbased_/, ''));
  if (root === undefined) {
    diag.error(`nestjs-tracing: OTEL_TRACES_SAMPLER "${named}" is unknown; every trace is sampled`);
    return new ParentBasedSampler({ root: new AlwaysOnSampler() });
  }
  return named.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

function rootSampler(name: string): Sampler | undefined {
  if (name === 'always_on') return new AlwaysOnSampler();
  if (name === 'always_off') return new AlwaysOffSampler();
  return name === 'traceidratio' ? new TraceIdRatioBasedSampler(ratioFromEnv()) : undefined;
}

function ratioFromEnv(): number {
  const ratio = getNumberFromEnv('OTEL_TRACES_SAMPLER_ARG');
  if (ratio !== undefined && ratio >= 0 && ratio <= 1) return ratio;
  diag.error('nestjs-tracing: OTEL_TRACES_SAMPLER_ARG is no number from 0 to 1; 1 is used');
  return 1;
}
