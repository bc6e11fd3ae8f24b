import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExportResultCode } from '@opentelemetry/core';
import type { ExportResult } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { NoopSpanProcessor } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import type { TracingModuleOptions } from '../../libs/tracing/src/index.js';
import { TracingModule, TracingService } from '../../libs/tracing/src/index.js';

/** Takes its time, as a collector does. */
class SlowExporter implements SpanExporter {
  readonly names: string[] = [];

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    const finish = (): void => {
      this.names.push(...spans.map(({ name }) => name));
      done({ code: ExportResultCode.SUCCESS });
    };
    setTimeout(finish, 100);
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

const fail = (): never => {
  throw new Error('a fault of the part');
};

function failingProcessor(method: string): Partial<NonNullable<TracingModuleOptions['sdk']>> {
  return { spanProcessors: [Object.assign(new NoopSpanProcessor(), { [method]: fail })] };
}

const parts: [string, NonNullable<TracingModuleOptions['sdk']>][] = [
  ...['onStart', 'onEnding', 'onEnd', 'shutdown'].map((method): [string, object] => [
    `a processor whose ${method} throws`,
    failingProcessor(method),
  ]),
  ['a sampler that throws', { sampler: { shouldSample: fail } }],
  ['a sampler that answers nothing', { sampler: { shouldSample: () => undefined as never } }],
  ['an id generator that throws', { idGenerator: { generateTraceId: fail, generateSpanId: fail } }],
];

describe('a part of the application that fails', () => {
  it.each(parts)('%s costs neither a call nor a span', async (_, sdk) => {
    const exporter = new SlowExporter();
    @Module({ imports: [TracingModule.forRoot({ serviceName: 'shop', exporter, sdk })] })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
    const tracing = app.get(TracingService);
    const error = new Error('the own error of the call');
    const failing = tracing.span('failing', () => Promise.reject(error));
    await expect(failing).rejects.toBe(error);
    expect(tracing.span('plain', () => 42)).toBe(42);
    await app.close();
    expect(exporter.names).toEqual(expect.arrayContaining(['failing', 'plain']));
  });
});
