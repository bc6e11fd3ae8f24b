import { trace } from '@opentelemetry/api';
import type { HrTime } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { recordSpans } from 'nestjs-tracing/testing';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';

const NANOS_A_MILLI = 1e6;

const spans = recordSpans();

afterEach(() => {
  vi.useRealTimers();
  spans.reset();
});
afterAll(() => spans.stop());

async function inSpan(name: string, work: () => unknown): Promise<void> {
  await trace.getTracer('test').startActiveSpan(name, async (span) => {
    await work();
    span.end();
  });
}

const millisOf = ({ duration }: ReadableSpan): number => toMillis(duration);

function toMillis([seconds, nanos]: HrTime): number {
  return seconds * 1000 + nanos / NANOS_A_MILLI;
}

describe('the clock of a trace', () => {
  it('is the one that a test has put in place when the trace begins', async () => {
    vi.useFakeTimers();
    vi.setSystemTime(new Date('2020-02-02T02:02:02.000Z'));
    await inSpan('outer', async () => {
      vi.advanceTimersByTime(1500);
      await inSpan('inner', () => vi.advanceTimersByTime(500));
    });
    expect(millisOf(spans.one('outer'))).toBeCloseTo(2000, 3);
    expect(millisOf(spans.one('inner'))).toBeCloseTo(500, 3);
    expect(spans.one('outer').startTime[0]).toBe(Date.UTC(2020, 1, 2, 2, 2, 2) / 1000);
  });

  it('stays the same when a test puts another in its place meanwhile', async () => {
    await inSpan('outer', async () => {
      vi.useFakeTimers();
      await inSpan('inner', () => vi.advanceTimersByTime(60_000));
    });
    for (const name of ['outer', 'inner']) {
      expect(millisOf(spans.one(name))).toBeGreaterThan(0);
      expect(millisOf(spans.one(name))).toBeLessThan(5000);
    }
  });

  it.each([0, 3_600_000])(
    'knows times of what a test has put in its place meanwhile, %d ms on',
    async (millis) => {
      const realStart = performance.now();
      await inSpan('outer', () => {
        vi.useFakeTimers();
        vi.advanceTimersByTime(millis);
        const startTime = performance.now();
        const tracer = trace.getTracer('test');
        tracer.startSpan('faked', { startTime }).addEvent('seen', startTime).end(startTime);
        tracer.startSpan('real', { startTime: realStart }).end();
      });
      const begin = toMillis(spans.one('outer').startTime);
      for (const span of [spans.one('faked'), spans.one('real')]) {
        const times = [span.startTime, span.endTime, ...span.events.map(({ time }) => time)];
        for (const time of times) expect(Math.abs(toMillis(time) - begin)).toBeLessThan(1000);
      }
    },
  );

  it('is the real one again for the traces after', async () => {
    vi.useFakeTimers();
    await inSpan('faked', () => vi.advanceTimersByTime(1000));
    vi.useRealTimers();
    const before = Date.now() / 1000;
    await inSpan('real', () => undefined);
    expect(spans.one('real').startTime[0]).toBeGreaterThanOrEqual(Math.floor(before) - 1);
    expect(millisOf(spans.one('real'))).toBeLessThan(5000);
  });
});
