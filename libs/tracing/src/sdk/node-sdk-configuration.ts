import { getStringFromEnv, getStringListFromEnv } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import type { Sampler, SpanProcessor } from '@opentelemetry/sdk-trace';
import { W3cPropagator } from '../propagation/w3c-propagator.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import { loadNodeSdk } from './load-node-sdk.js';
import { needsNodeSdk } from './other-signals.js';
import { detectResource } from './resource.js';

/** Translates the module's options into NodeSDK's; what `sdk` says goes through untouched. */
export function nodeSdkConfiguration(
  options: ResolvedOptions,
  processors: readonly SpanProcessor[],
  sampler: Sampler | undefined,
): Partial<NodeSDKConfiguration> & { spanProcessors: SpanProcessor[] } {
  const { sdk = {} } = options;
  return {
    ...sdk,
    ...tracesOnly(sdk),
    ...propagatorOf(sdk),
    ...resourceOf(options),
    ...(options.serviceName === undefined ? {} : { serviceName: options.serviceName }),
    ...(sampler === undefined ? {} : { sampler }),
    spanLimits: { ...options.spanLimits, ...sdk.spanLimits },
    spanProcessors: [...processors],
  };
}

/**
 * Loads NodeSDK if the options or the environment ask for more than traces.
 *
 * @returns undefined if nothing has to be waited for
 */
export function loadWhatIsAsked(
  sdk: Partial<NodeSDKConfiguration> = {},
): Promise<void> | undefined {
  const asked = { ...sdk, ...tracesOnly(sdk), ...propagatorOf(sdk) };
  return needsNodeSdk(asked) ? loadNodeSdk() : undefined;
}

/** NodeSDK exports metrics and logs unless told not to; here they stay off until somebody asks. */
function tracesOnly(sdk: Partial<NodeSDKConfiguration>): Partial<NodeSDKConfiguration> {
  const off: Partial<NodeSDKConfiguration> = {};
  if (sdk.metricReaders === undefined && !isExported('OTEL_METRICS_EXPORTER'))
    off.metricReaders = [];
  if (sdk.logRecordProcessors === undefined && !isExported('OTEL_LOGS_EXPORTER')) {
    off.logRecordProcessors = [];
  }
  return off;
}

/** NodeSDK's own propagators are lenient and unbounded; those that somebody asks for are theirs. */
function propagatorOf(sdk: Partial<NodeSDKConfiguration>): Partial<NodeSDKConfiguration> {
  if (sdk.textMapPropagator !== undefined || isSet('OTEL_PROPAGATORS')) return {};
  return { textMapPropagator: new W3cPropagator() };
}

/** NodeSDK takes `none` for the whole list. */
function isExported(variable: string): boolean {
  return getStringListFromEnv(variable)?.includes('none') === false;
}

function isSet(variable: string): boolean {
  return getStringFromEnv(variable) !== undefined;
}

/** The attributes of the option come after all that is detected. */
function resourceOf(options: ResolvedOptions): Partial<NodeSDKConfiguration> {
  const { resource: attributes, sdk = {} } = options;
  if (attributes === undefined) return {};
  const { serviceName: _, ...detected } = { ...sdk };
  return {
    resource: detectResource(detected).merge(resourceFromAttributes(attributes)),
    autoDetectResources: false,
  };
}
