import { metrics, trace } from '@opentelemetry/api';
import { getBooleanFromEnv } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { settled } from '../settled.js';
import { openFinishedSpanImport } from '../span/finished-span-import.js';
import type { SpanBudget } from '../tracer/budget/span-budget.js';
import type { SamplingRules } from '../tracer/sampling/sampling-rules.js';
import { LeanTracerProvider } from '../tracer/lean-tracer-provider.js';
import { limitsFromEnv } from '../tracer/limits-from-env.js';
import type { SpanGuard } from '../tracer/span-shared.js';
import type { OtherParts } from './other-signals.js';
import { otherParts } from './other-signals.js';
import { detectResource } from './resource.js';
import { samplerFromEnv } from './sampler.js';

/** NodeSDK's options, with the processors that spans go to. */
type TracingSdkConfiguration = Partial<NodeSDKConfiguration> & {
  readonly spanProcessors: SpanProcessor[];
  readonly guard?: SpanGuard | undefined;
  readonly budget?: SpanBudget | undefined;
  readonly rules?: SamplingRules | undefined;
};

/**
 * NodeSDK with a tracer of our own: context manager, propagators, instrumentations, metrics and logs
 * are as NodeSDK's, which makes no tracer provider while it is given no span processor.
 */
export class TracingSdk {
  readonly #configuration: TracingSdkConfiguration;
  readonly #resource: Resource;
  readonly #others: OtherParts;
  #provider: LeanTracerProvider | undefined;

  constructor(configuration: TracingSdkConfiguration) {
    const { serviceName: _, budget: __, rules: ___, guard: ____, ...others } = configuration;
    this.#configuration = configuration;
    this.#resource = detectResource(configuration);
    this.#others = otherParts({
      ...others,
      resource: this.#resource,
      autoDetectResources: false,
      spanProcessors: [],
    });
  }

  /** Registers all parts with OpenTelemetry's API, or none if OTEL_SDK_DISABLED says so. */
  start(): void {
    if (getBooleanFromEnv('OTEL_SDK_DISABLED') === true) return;
    this.#others.start();
    const { sampler, spanLimits, spanProcessors, idGenerator, guard, budget, rules } =
      this.#configuration;
    const countsSpans = getBooleanFromEnv('OTEL_NODE_EXPERIMENTAL_SDK_METRICS') === true;
    this.#provider = new LeanTracerProvider({
      resource: this.#resource,
      sampler: sampler ?? samplerFromEnv(),
      spanLimits: { ...limitsFromEnv(), ...spanLimits },
      spanProcessors,
      guard,
      exposesFields: spanProcessors.some(holdsExporter),
      idGenerator,
      budget,
      rules,
      meterProvider: countsSpans ? metrics.getMeterProvider() : undefined,
    });
    trace.setGlobalTracerProvider(this.#provider);
    openFinishedSpanImport(this.#provider, spanProcessors);
  }

  async shutdown(): Promise<void> {
    await settled([this.#provider?.shutdown() ?? Promise.resolve(), this.#others.shutdown()]);
  }
}

/** Whether it is one of the SDK's, of whichever copy, that hand spans to an exporter. */
function holdsExporter(processor: SpanProcessor): boolean {
  return '_exporter' in processor;
}
