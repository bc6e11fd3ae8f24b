import { diag } from '@opentelemetry/api';
import { getStringListFromEnv } from '@opentelemetry/core';
import type { Resource, ResourceDetector } from '@opentelemetry/resources';
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  osDetector,
  processDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';

const BY_NAME: ReadonlyMap<string, ResourceDetector> = new Map([
  ['serviceinstance', serviceInstanceIdDetector],
  ['process', processDetector],
  ['host', hostDetector],
  ['os', osDetector],
  ['env', envDetector],
]);

/**
 * Detects the resource as NodeSDK does, by the same options and the same variable, before NodeSDK
 * starts: the tracer provider is made outside of it.
 *
 * @see https://opentelemetry.io/docs/specs/otel/resource/sdk/
 */
export function detectResource(configuration: Partial<NodeSDKConfiguration>): Resource {
  const base = configuration.resource ?? defaultResource();
  const detectors = detectorsOf(configuration);
  const detected = detectors === undefined ? base : base.merge(detectResources({ detectors }));
  const { serviceName } = configuration;
  if (serviceName === undefined) return detected;
  return detected.merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: serviceName }));
}

function detectorsOf({
  autoDetectResources = true,
  resourceDetectors,
}: Partial<NodeSDKConfiguration>): ResourceDetector[] | undefined {
  return autoDetectResources ? (resourceDetectors ?? detectorsFromEnv()) : undefined;
}

function detectorsFromEnv(): ResourceDetector[] {
  const names = getStringListFromEnv('OTEL_NODE_RESOURCE_DETECTORS') ?? ['all'];
  if (names.includes('all') || names.length === 0) return [...BY_NAME.values()];
  if (names.includes('none')) return [];
  return names.flatMap((name) => {
    const detector = BY_NAME.get(name);
    if (detector === undefined) {
      diag.warn(`nestjs-tracing: OTEL_NODE_RESOURCE_DETECTORS names "${name}", which is unknown`);
    }
    return detector ?? [];
  });
}
