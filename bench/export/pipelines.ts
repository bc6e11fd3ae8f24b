import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { BatchSpanProcessor, NoopSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** What is compared: no export at all, OpenTelemetry's stock parts, and the engine. */
export const PIPELINES = ['none', 'stock', 'engine'] as const;

/** One of {@link PIPELINES}. */
export type PipelineName = (typeof PIPELINES)[number];

/** Large enough that nothing is lost; else as both have it by default. */
export const MAX_QUEUE_SIZE = 65_536;

/** A provider whose spans go the named way. */
export async function providerOf(name: PipelineName, url: string): Promise<TracerProvider> {
  return new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'bench' }),
    spanProcessors: [await processorOf(name, url)],
  });
}

async function processorOf(name: PipelineName, url: string): Promise<SpanProcessor> {
  if (name === 'none') return new NoopSpanProcessor();
  if (name === 'engine') return engine(url);
  const exporter = new OTLPTraceExporter({ url, concurrencyLimit: 200 });
  return new BatchSpanProcessor({ exporter, maxQueueSize: MAX_QUEUE_SIZE });
}

/** What is used of the library's seam, which is no part of the package's entries. */
interface Seam {
  createPipeline(options: object, warn: (text: string) => void): { processor: SpanProcessor };
  resolveOptions(given: object): object;
}

async function engine(endpoint: string): Promise<SpanProcessor> {
  const { createPipeline, resolveOptions } = await seam();
  const options = resolveOptions({ endpoint, batch: { maxQueueSize: MAX_QUEUE_SIZE } });
  return createPipeline(options, (message) => console.error(message)).processor;
}

/** The build that stands beside this one. */
async function seam(): Promise<Seam> {
  const files = ['export/span-pipeline.js', 'options/resolve-options.js'];
  const urls = files.map((file) => new URL(`../../../libs/tracing/dist/${file}`, import.meta.url));
  const modules = await Promise.all(urls.map((url) => import(url.href) as Promise<Partial<Seam>>));
  return Object.assign({}, ...modules) as Seam;
}
