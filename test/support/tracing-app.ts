import { Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { TraceState } from '@opentelemetry/api';
import { TracingModule, TracingService } from 'nestjs-tracing';
import type { SpanStats, TracingModuleOptions } from 'nestjs-tracing';
import { CapturedLogger } from './captured-logger.js';

/** The smallest application with tracing, and what its log says. */
export class TracingApp {
  readonly #app: INestApplicationContext;
  readonly #logger: CapturedLogger;

  private constructor(app: INestApplicationContext, logger: CapturedLogger) {
    this.#app = app;
    this.#logger = logger;
  }

  /** Without the watchdog, unless it is asked for: its lines are of the machine that tests run on. */
  static start(options: TracingModuleOptions): Promise<TracingApp> {
    return TracingApp.startAsIs({ watchdog: false, ...options });
  }

  static async startAsIs(options: TracingModuleOptions): Promise<TracingApp> {
    class App {}
    Module({ imports: [TracingModule.forRoot(options)] })(App);
    const logger = new CapturedLogger();
    const app = await NestFactory.createApplicationContext(App, { logger });
    return new TracingApp(app, logger);
  }

  get tracing(): TracingService {
    return this.#app.get(TracingService);
  }

  get stats(): SpanStats {
    return this.tracing.stats().spans;
  }

  get lines(): string[] {
    return this.#logger.about;
  }

  /** What is wrong or not used: without the line that says where spans go. */
  get problems(): string[] {
    return this.lines.filter((line) => !line.startsWith('log: '));
  }

  /** Ends so many spans. */
  end(count: number, name = 'span'): void {
    for (let span = 0; span < count; span += 1) this.tracing.span(name, () => undefined);
  }

  /** Ends a span of which nothing can be cut: what its parent's trace state holds goes with it. */
  endTooLarge(name: string): void {
    const traceState = { serialize: () => `s=${'1'.repeat(1 << 20)}` } as TraceState;
    const context = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1, traceState };
    const parent = trace.setSpanContext(ROOT_CONTEXT, context);
    trace.getTracer('test').startSpan(name, {}, parent).end();
  }

  /** Ends spans at a rate, in turns of a few milliseconds; answers how many. */
  async endAtRate(perSecond: number, millis: number): Promise<number> {
    const start = performance.now();
    let ended = 0;
    for (;;) {
      const elapsed = Math.min(performance.now() - start, millis);
      const due = Math.floor((elapsed / 1000) * perSecond);
      this.end(due - ended);
      ended = due;
      if (elapsed >= millis) return ended;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Closes; answers how long it took, in milliseconds. */
  async close(): Promise<number> {
    const start = performance.now();
    await this.#app.close();
    return performance.now() - start;
  }
}

/** What is missing in the books: 0, always. */
export function unaccounted(stats: SpanStats): number {
  const dropped = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
  const { ended, exported, rejected, unsampled, queued } = stats;
  return ended - exported - dropped - rejected - unsampled - queued;
}

/** Prints what was measured, beside the test's name. */
export function figure(text: string): void {
  process.stdout.write(`  ${text}\n`);
}
