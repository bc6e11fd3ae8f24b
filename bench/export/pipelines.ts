import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  NoopSpanProcessor,
  ParentBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

/** What is compared: OpenTelemetry's SDK and our tracer, each without any export and with its own. */
export const PIPELINES = ['none', 'stock', 'ownNone', 'engine'] as const;

/** One of {@link PIPELINES}. */
export type PipelineName = (typeof PIPELINES)[number];

/** Large enough that nothing is lost; else as both have it by default. */
export const MAX_QUEUE_SIZE = 65_536;

/** A provider whose spans go the named way. */
export async function providerOf(name: PipelineName, url: string): Promise<Provider> {
  const resource = resourceFromAttributes({ 'service.name': 'bench' });
  const spanProcessors = [await processorOf(name, url)];
  if (name === 'none' || name === 'stock') return new TracerProvider({ resource, spanProcessors });
  const { LeanTracerProvider } = await seam();
  const sampler = new ParentBasedSampler({ root: new AlwaysOnSampler() });
  return new LeanTracerProvider({ resource, sampler, spanProcessors });
}

/** What the bench uses of a provider. */
export type Provider = Pick<TracerProvider, 'getTracer' | 'forceFlush' | 'shutdown'>;

async function processorOf(name: PipelineName, url: string): Promise<SpanProcessor> {
  if (name === 'none' || name === 'ownNone') return new NoopSpanProcessor();
  if (name === 'engine') return engine(url);
  const exporter = new OTLPTraceExporter({ url, concurrencyLimit: 200 });
  return new BatchSpanProcessor({ exporter, maxQueueSize: MAX_QUEUE_SIZE });
}

/** What is used of the library's seam, which is no part of the package's entries. */
interface Seam {
  createPipeline(options: object, log: Console): { processor: SpanProcessor };
  resolveOptions(given: object): object;
  readonly LeanTracerProvider: new (options: object) => Provider;
}

async function engine(endpoint: string): Promise<SpanProcessor> {
  const { createPipeline, resolveOptions } = await seam();
  const options = resolveOptions({ endpoint, batch: { maxQueueSize: MAX_QUEUE_SIZE } });
  return createPipeline(options, console).processor;
}

/** The build that stands beside this one. */
async function seam(): Promise<Seam> {
  const files = [
    'export/span-pipeline.js',
    'options/resolve-options.js',
    'tracer/lean-tracer-provider.js',
  ];
  const urls = files.map((file) => new URL(`../../tracing/${file}`, import.meta.url));
  const modules = await Promise.all(urls.map((url) => import(url.href) as Promise<Partial<Seam>>));
  return Object.assign({}, ...modules) as Seam;
}
