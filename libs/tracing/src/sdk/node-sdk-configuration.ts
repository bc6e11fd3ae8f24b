import { getStringFromEnv } from '@opentelemetry/core';
import type { ResourceDetector } from '@opentelemetry/resources';
import {
  envDetector,
  hostDetector,
  osDetector,
  processDetector,
  resourceFromAttributes,
  defaultResource,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import type { Sampler, SpanProcessor } from '@opentelemetry/sdk-trace';
import { W3cPropagator } from '../http/propagation/w3c-propagator.js';
import type { ResolvedOptions } from '../options/resolve-options.js';

/** NodeSDK's own defaults; naming them is the only way to put a resource of the options after them. */
const DETECTORS = [
  serviceInstanceIdDetector,
  processDetector,
  hostDetector,
  osDetector,
  envDetector,
];

/** Translates the module's options into NodeSDK's; what `sdk` says goes through untouched. */
export function nodeSdkConfiguration(
  options: ResolvedOptions,
  processor: SpanProcessor,
  sampler: Sampler | undefined,
): Partial<NodeSDKConfiguration> & { spanProcessors: SpanProcessor[] } {
  const { sdk = {} } = options.given;
  return {
    ...sdk,
    ...tracesOnly(sdk),
    ...propagatorOf(sdk),
    ...resourceOf(options),
    ...(options.serviceName === undefined ? {} : { serviceName: options.serviceName }),
    ...(sampler === undefined ? {} : { sampler }),
    spanLimits: { ...options.spanLimits, ...sdk.spanLimits },
    spanProcessors: [...(sdk.spanProcessors ?? []), processor],
  };
}

/** NodeSDK exports metrics and logs unless told not to; here they stay off until somebody asks. */
function tracesOnly(sdk: Partial<NodeSDKConfiguration>): Partial<NodeSDKConfiguration> {
  const off: Partial<NodeSDKConfiguration> = {};
  if (sdk.metricReaders === undefined && !isSet('OTEL_METRICS_EXPORTER')) off.metricReaders = [];
  if (sdk.logRecordProcessors === undefined && !isSet('OTEL_LOGS_EXPORTER')) {
    off.logRecordProcessors = [];
  }
  return off;
}

/** NodeSDK's own propagators are lenient and unbounded; those that somebody asks for are theirs. */
function propagatorOf(sdk: Partial<NodeSDKConfiguration>): Partial<NodeSDKConfiguration> {
  if (sdk.textMapPropagator !== undefined || isSet('OTEL_PROPAGATORS')) return {};
  return { textMapPropagator: new W3cPropagator() };
}

function isSet(variable: string): boolean {
  return getStringFromEnv(variable) !== undefined;
}

function resourceOf(options: ResolvedOptions): Partial<NodeSDKConfiguration> {
  const { resource: attributes, sdk = {} } = options.given;
  if (attributes === undefined) return {};
  const resource = (sdk.resource ?? defaultResource()).merge(resourceFromAttributes(attributes));
  if (isSet('OTEL_NODE_RESOURCE_DETECTORS') && sdk.resourceDetectors === undefined)
    return { resource };
  const fixed: ResourceDetector = { detect: () => ({ attributes }) };
  return { resource, resourceDetectors: [...(sdk.resourceDetectors ?? DETECTORS), fixed] };
}
