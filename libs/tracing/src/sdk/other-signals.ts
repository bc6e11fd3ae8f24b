import {
  DiagConsoleLogger,
  context,
  diag,
  logs,
  metrics,
  propagation,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { diagLogLevelFromString, getStringFromEnv } from '@opentelemetry/core';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { nodeSdkClass } from './load-node-sdk.js';

/** All of an SDK but its tracer provider. */
export interface OtherParts {
  /** Registers them with OpenTelemetry's API. */
  start(): void;
  shutdown(): Promise<void>;
}

type Configuration = Partial<NodeSDKConfiguration>;

/**
 * Makes what NodeSDK makes beside traces. NodeSDK comes with every exporter of every signal, some 20 MB of
 * resident memory, so it is loaded for metrics, logs and the propagators of the environment alone.
 */
export function otherParts(configuration: Configuration): OtherParts {
  const NodeSDK = needsNodeSdk(configuration) ? nodeSdkClass() : undefined;
  return NodeSDK === undefined ? new TracesOnly(configuration) : new NodeSDK(configuration);
}

/** Whether there is more to set up than traces. */
export function needsNodeSdk({
  metricReaders,
  logRecordProcessors,
  textMapPropagator,
}: Configuration): boolean {
  return (
    metricReaders?.length !== 0 ||
    logRecordProcessors?.length !== 0 ||
    textMapPropagator === undefined
  );
}

/** Context manager, propagator and instrumentations, by the same options and in the same order as NodeSDK. */
class TracesOnly implements OtherParts {
  readonly #configuration: Configuration;

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
    const level = getStringFromEnv('OTEL_LOG_LEVEL');
    if (level === undefined) return;
    diag.setLogger(new DiagConsoleLogger(), diagLogLevelFromString(level));
  }

  start(): void {
    const { instrumentations, contextManager, textMapPropagator } = this.#configuration;
    enable(instrumentations?.flat() ?? []);
    if (contextManager !== null) {
      const manager = contextManager ?? new AsyncLocalStorageContextManager();
      manager.enable();
      context.setGlobalContextManager(manager);
    }
    if (textMapPropagator) propagation.setGlobalPropagator(textMapPropagator);
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

type Instrumentation = NonNullable<NodeSDKConfiguration['instrumentations']>[number];

/** As OpenTelemetry's `registerInstrumentations`. */
function enable(instrumentations: readonly Extract<Instrumentation, { enable(): void }>[]): void {
  for (const instrumentation of instrumentations) {
    instrumentation.setTracerProvider(trace.getTracerProvider());
    instrumentation.setMeterProvider(metrics.getMeterProvider());
    instrumentation.setLoggerProvider?.(logs.getLoggerProvider());
    if (instrumentation.getConfig().enabled !== true) instrumentation.enable();
  }
}
