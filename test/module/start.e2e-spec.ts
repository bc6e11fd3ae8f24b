import { Injectable, Module } from '@nestjs/common';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Traced, TracingModule, TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { CapturedLogger } from '../support/captured-logger.js';
import { setEnvironment } from '../support/environment.js';
import { OtlpCollector } from '../support/otlp-collector.js';

@Injectable()
class Cats {
  constructor(readonly tracing: TracingService) {}

  @Traced({ kind: SpanKind.CONSUMER, attributes: (name: string) => ({ 'cat.name': name }) })
  async feed(name: string): Promise<string> {
    return this.tracing.span('open tin', () => name);
  }

  @Traced()
  fail(): never {
    throw new RangeError('no tin');
  }
}

let collector: OtlpCollector;
beforeAll(async () => {
  collector = await OtlpCollector.start();
});
afterEach(() => collector.reset());
afterAll(() => collector.close());

async function start(
  tracing: DynamicModule,
  logger = new CapturedLogger(),
): Promise<INestApplicationContext> {
  @Module({ imports: [tracing], providers: [Cats] })
  class App {}
  return NestFactory.createApplicationContext(App, { logger });
}

async function feedIn(tracing: DynamicModule): Promise<void> {
  const app = await start(tracing);
  await app.get(Cats).feed('Tom');
  await app.close();
}

async function optionsFor(url: string): Promise<TracingModuleOptions> {
  return { endpoint: url, serviceName: 'async' };
}

class OptionsFactory {
  createTracingOptions(): Promise<TracingModuleOptions> {
    return optionsFor(collector.url);
  }
}

@Module({ providers: [OptionsFactory], exports: [OptionsFactory] })
class OptionsModule {}

describe('TracingModule', () => {
  it('S1 works without an argument: OTLP over gRPC, to where the environment says', async () => {
    const restore = setEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await feedIn(TracingModule.forRoot());
    restore();
    const [feed] = collector.named('Cats.feed');
    expect(feed).toMatchObject({ kind: 'SPAN_KIND_CONSUMER', attributes: { 'cat.name': 'Tom' } });
    expect(collector.childrenOf(feed!).map((span) => span.name)).toEqual(['open tin']);
  });

  const asyncForms: Record<string, () => DynamicModule> = {
    useFactory: () =>
      TracingModule.forRootAsync({
        imports: [OptionsModule],
        inject: [OptionsFactory],
        useFactory: (factory: OptionsFactory) => factory.createTracingOptions(),
      }),
    useClass: () => TracingModule.forRootAsync({ useClass: OptionsFactory }),
    useExisting: () =>
      TracingModule.forRootAsync({ imports: [OptionsModule], useExisting: OptionsFactory }),
  };
  for (const [form, tracing] of Object.entries(asyncForms)) {
    it(`S1 works with forRootAsync and ${form}`, async () => {
      await feedIn(tracing());
      expect(collector.names.sort()).toEqual(['Cats.feed', 'open tin']);
      expect(collector.resources[0]).toMatchObject({ 'service.name': 'async' });
    });
  }

  it('S1 is global unless told not to be', () => {
    expect(TracingModule.forRoot().global).toBe(true);
    expect(TracingModule.forRoot({ isGlobal: false }).global).toBe(false);
  });

  it('exports over HTTP, with its headers', async () => {
    const headers = { 'x-tenant': 'cats' };
    const endpoint = collector.httpUrl;
    await feedIn(TracingModule.forRoot({ exporter: 'otlp-http', endpoint, headers }));
    expect(collector.names).toHaveLength(2);
    expect(collector.headers[0]).toMatchObject(headers);
  });

  it('exports compressed over gRPC', async () => {
    await feedIn(TracingModule.forRoot({ endpoint: collector.url, compression: 'gzip' }));
    expect(collector.names).toHaveLength(2);
  });

  it('takes resource and name from options before those of the environment', async () => {
    const restore = setEnvironment({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.url,
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=env,deployment.environment.name=env,team=env',
    });
    await feedIn(TracingModule.forRoot({ resource: { team: 'option' } }));
    restore();
    expect(collector.resources[0]).toMatchObject({
      'service.name': 'env',
      'deployment.environment.name': 'env',
      team: 'option',
    });
    expect(collector.resources[0]).toHaveProperty('process.pid');
  });

  it('names the service after the package that runs, if nobody else does', async () => {
    await feedIn(TracingModule.forRoot({ endpoint: collector.url }));
    expect(collector.resources[0]?.['service.name']).not.toMatch(/^unknown_service/);
  });

  it('samples by ratio: nothing at 0, everything at 1', async () => {
    await feedIn(TracingModule.forRoot({ endpoint: collector.url, sampler: { ratio: 0 } }));
    expect(collector.names).toEqual([]);
    await feedIn(TracingModule.forRoot({ endpoint: collector.url, sampler: { ratio: 1 } }));
    expect(collector.names).toHaveLength(2);
  });

  it('samples as OTEL_TRACES_SAMPLER says', async () => {
    const restore = setEnvironment({ OTEL_TRACES_SAMPLER: 'always_off' });
    await feedIn(TracingModule.forRoot({ endpoint: collector.url }));
    restore();
    expect(collector.names).toEqual([]);
  });

  it('hands spans to an exporter of the application', async () => {
    const exporter = new InMemorySpanExporter();
    const exported: ReadableSpan[] = [];
    const keep: SpanExporter = {
      export: (spans, done) => (exported.push(...spans), exporter.export(spans, done)),
      shutdown: () => exporter.shutdown(),
    };
    const app = await start(TracingModule.forRoot({ exporter: keep }));
    expect(() => app.get(Cats).fail()).toThrow('no tin');
    await app.close();
    expect(exported.map(({ name, status }) => [name, status.code])).toEqual([
      ['Cats.fail', SpanStatusCode.ERROR],
    ]);
  });

  it("names no module of its own in Nest's log that does not say whose it is", async () => {
    const logger = new CapturedLogger();
    const app = await start(TracingModule.forRoot({ exporter: 'none' }), logger);
    await app.close();
    const names = logger.lines.flatMap((line) => /^log: (\w+) dependencies/.exec(line)?.[1] ?? []);
    expect(names).toContain('TracingModule');
    expect(names.filter((name) => !name.startsWith('Tracing')).toSorted()).toEqual([
      'App',
      'DiscoveryModule',
    ]);
  });

  it('passes what sdk says through to NodeSDK', async () => {
    const seen: string[] = [];
    const processor = {
      onStart: () => undefined,
      onEnd: (span: ReadableSpan) => void seen.push(span.name),
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    await feedIn(TracingModule.forRoot({ exporter: 'none', sdk: { spanProcessors: [processor] } }));
    expect(seen).toEqual(['open tin', 'Cats.feed']);
  });
});
