import type { MeterProvider, Tracer, TracerOptions, TracerProvider } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { IdGenerator, Sampler, SpanLimits, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { InspectOptionsStylized, inspect as Inspect } from 'node:util';
import { settled } from '../settled.js';
import { AttributeList } from './attributes/attribute-list.js';
import type { SpanBudget } from './budget/span-budget.js';
import { usableLength } from './attributes/attribute-value.js';
import { PreparedAttributes } from './attributes/prepared-attributes.js';
import { INSPECT, inspectAs, settledAttributes } from './inspect.js';
import type { TracerParts } from './tracer-parts.interface.js';
import { LeanTracer } from './lean-tracer.js';
import { Identities } from './ids/identities.js';
import { RandomWords } from './ids/random-words.js';
import { LeftOut } from './left-out/left-out.js';
import { samplingPlan } from './sampling/sampling-plan.js';
import type { SamplingRules } from './sampling/sampling-rules.js';
import type { SpanGuard } from './span-shared.js';
import { spanLimits } from './span-shared.js';
import { TraceClocks } from './clock/trace-clock.js';
import { TracerMetrics } from './tracer-metrics.js';

/** How long a flush may take by default, in milliseconds, as in the SDK. */
const FLUSH_MILLIS = 30_000;

/** What a provider is made of; the resource, sampler and processors have to be said. */
interface LeanTracerProviderOptions {
  readonly resource: Resource;
  readonly sampler: Sampler;
  readonly spanProcessors: readonly SpanProcessor[];
  /** Told before the processors. Default: nobody. */
  readonly guard?: SpanGuard | undefined;
  readonly spanLimits?: SpanLimits | undefined;
  readonly idGenerator?: IdGenerator | undefined;
  /** Whether ended spans have the fields that `{ ...span }` copies. Default: false, for they are dear. */
  readonly exposesFields?: boolean | undefined;
  /** What one trace may record. Default: whatever it likes. */
  readonly budget?: SpanBudget | undefined;
  /** What decides on roots before the sampler does. Default: nothing. */
  readonly rules?: SamplingRules | undefined;
  /** Where the SDK's own metrics go. Default: nowhere. */
  readonly meterProvider?: MeterProvider | undefined;
}

/** Makes tracers, one for each instrumentation scope: OpenTelemetry's `TracerProvider` of our own. */
export class LeanTracerProvider implements TracerProvider {
  readonly #options: LeanTracerProviderOptions;
  readonly #processors: SpanProcessor[];
  readonly #limits: Required<SpanLimits>;
  readonly #parts: TracerParts;
  readonly #tracers = new Map<string, LeanTracer>();

  constructor(options: LeanTracerProviderOptions) {
    const { sampler, idGenerator, meterProvider } = options;
    this.#options = options;
    this.#processors = [...options.spanProcessors];
    this.#limits = spanLimits(options.spanLimits);
    const valueLength = usableLength(this.#limits.attributeValueLengthLimit);
    const plan = samplingPlan(sampler);
    const metrics = meterProvider && new TracerMetrics(meterProvider);
    this.#parts = {
      sampler,
      plan,
      identities: new Identities(new RandomWords(), new TraceClocks(), idGenerator),
      leftOut: new LeftOut(plan, metrics, idGenerator === undefined, options.rules),
      budget: options.budget,
      rules: options.rules,
      metrics,
      valueLength,
      prepared: new PreparedAttributes((attributes) => {
        const list = new AttributeList(this.#limits.attributeCountLimit, valueLength);
        list.addAll(attributes);
        return list.prepared();
      }),
    };
  }

  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    const schemaUrl = options?.schemaUrl;
    const key = `${name}@${version ?? ''}:${schemaUrl ?? ''}`;
    const known = this.#tracers.get(key);
    if (known !== undefined) return known;
    const { resource, guard, exposesFields = false } = this.#options;
    const processors = this.#processors;
    const instrumentationScope = {
      name,
      version,
      schemaUrl,
    } as LeanTracer['shared']['instrumentationScope'];
    const limits = this.#limits;
    const shared = { instrumentationScope, resource, limits, processors, guard, exposesFields };
    const tracer = new LeanTracer(shared, this.#parts);
    this.#tracers.set(key, tracer);
    return tracer;
  }

  /** Has a processor told first of every span from now on. The function returned takes it out again. */
  addProcessor(processor: SpanProcessor): () => void {
    this.#processors.unshift(processor);
    return () => {
      const at = this.#processors.indexOf(processor);
      if (at >= 0) this.#processors.splice(at, 1);
    };
  }

  /** Flushes every processor. Rejects with what failed, or took longer than it may. */
  async forceFlush({
    timeoutMillis = FLUSH_MILLIS,
  }: { timeoutMillis?: number } = {}): Promise<void> {
    const errors: unknown[] = [];
    const flush = async (processor: SpanProcessor): Promise<void> => {
      try {
        await withinTime(processor.forceFlush(), timeoutMillis);
      } catch (error) {
        errors.push(error);
      }
    };
    await Promise.all(this.#processors.map(flush));
    // oxlint-disable-next-line typescript/only-throw-error -- the SDK's provider rejects with a list
    if (errors.length > 0) throw errors;
  }

  async shutdown(): Promise<void> {
    const stop = async (processor: SpanProcessor): Promise<void> => processor.shutdown();
    await settled(this.#processors.map(stop));
  }

  [INSPECT](depth: number, options: InspectOptionsStylized, inspect: typeof Inspect): string {
    const { resource } = this.#options;
    const payload = {
      resource: { attributes: settledAttributes(resource) },
      tracers: [...this.#tracers.keys()],
      spanProcessors: this.#processors.map((processor) => processor.constructor.name),
    };
    return inspectAs('LeanTracerProvider', payload, depth, options, inspect);
  }
}

function withinTime(work: Promise<void>, timeoutMillis: number): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = (): void =>
    reject(
      new Error(`Span processor did not completed within timeout period of ${timeoutMillis} ms`),
    );
  const timer = setTimeout(late, timeoutMillis);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
