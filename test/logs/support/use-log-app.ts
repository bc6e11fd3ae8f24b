import { recordSpans } from 'nestjs-tracing/testing';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import { afterAll, afterEach, expect } from 'vitest';
import type { LogAppOptions, Platform } from './log-app.js';
import { LogApp } from './log-app.js';
import { idsOf } from './trace-ids.js';

/** Applications that log, and the spans that they record, of one suite. */
export interface LogSuite {
  readonly spans: SpanRecorder;
  /** Starts one; it is closed after the test. */
  start(platform: Platform, options: LogAppOptions): Promise<LogApp>;
  /** The ids of the one span with this name; waits for its end. */
  idsOfSpan(name: string): Promise<object>;
}

/** Records spans during a suite; after each test closes what it started and forgets its spans. */
export function useLogApp(): LogSuite {
  const spans = recordSpans();
  let running: LogApp | undefined;
  afterEach(async () => {
    await running?.close();
    running = undefined;
    spans.reset();
  });
  afterAll(() => spans.stop());
  return {
    spans,
    async start(platform, options) {
      running = await LogApp.start(platform, options);
      return running;
    },
    async idsOfSpan(name) {
      await expect.poll(() => spans.named(name).length).toBe(1);
      return idsOf(spans.one(name));
    },
  };
}
