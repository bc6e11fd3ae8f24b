import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { TracingModule, TracingService } from 'nestjs-tracing';
import { expect, it } from 'vitest';

const MAX_BLOCKS = 50;

it('K1 names what blocks in a span that was open before it began to watch', async () => {
  const hasStarted = Promise.withResolvers<void>();

  @Injectable()
  class Cache implements OnModuleInit {
    isWarm: Promise<void> | undefined;

    constructor(@Inject(TracingService) readonly tracing: TracingService) {}

    onModuleInit(): void {
      this.isWarm = this.tracing.span('warm the cache', async () => {
        await hasStarted.promise;
        // The thread that watches may not have started yet.
        for (let blocks = 0; blocks < MAX_BLOCKS && this.pokes === 0; blocks += 1) {
          spin(200);
          await sleep(50);
        }
      });
    }

    get pokes(): number {
      return this.tracing.stats().watchdog.pokes;
    }
  }

  const ended: ReadableSpan[] = [];
  const processor = {
    onStart: () => undefined,
    onEnd: (span: ReadableSpan) => void ended.push(span),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const sdk = { spanProcessors: [processor] };
  const tracing = TracingModule.forRoot({ exporter: 'none', watchdog: true, sdk });
  class App {}
  Module({ imports: [tracing], providers: [Cache] })(App);
  const app = await NestFactory.createApplicationContext(App, { logger: false });
  hasStarted.resolve();
  await app.get(Cache).isWarm;
  await app.close();
  const events = ended.flatMap((span) => span.events.map(({ name }) => `${span.name}: ${name}`));
  expect(events).toContain('warm the cache: event_loop.blocked');
});

function spin(millis: number): void {
  for (const end = performance.now() + millis; performance.now() < end;);
}
