import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SpanAccounts } from '../accounts/span-accounts.js';
import { ReportSchedule } from './report-schedule.js';

let accounts: SpanAccounts;
let sent: ReadableSpan[];
let schedule: ReportSchedule;

beforeEach(() => {
  vi.useFakeTimers();
  accounts = new SpanAccounts();
  sent = [];
  schedule = new ReportSchedule({
    stats: () => accounts.snapshot(),
    take: (report) => {
      sent.push(report);
      accounts.enqueue();
    },
    maxQueueSize: 10,
  });
  schedule.adopt(resourceFromAttributes({ 'service.name': 'orders' }));
});
afterEach(() => vi.useRealTimers());

function lose(count: number): void {
  accounts.drop('queue_full', count);
  schedule.lost();
}

/** So many spans collector the collector, the reports among them. */
function deliver(count = accounts.queued): void {
  while (accounts.queued < count) accounts.enqueue();
  accounts.exported(count);
}

const counts = (): unknown[] =>
  sent.map(({ attributes }) => attributes['nestjs_tracing.dropped_spans.queue_full']);

describe('the reports of losses', () => {
  it('go with the next flush, count from the start, and last as long as the losses', () => {
    schedule.beforeFlush();
    expect(sent).toEqual([]);
    lose(2);
    vi.advanceTimersByTime(700);
    lose(1);
    schedule.beforeFlush();
    expect(counts()).toEqual([3]);
    expect(sent[0]?.duration).toEqual([0, 700_000_000]);
    deliver();
    schedule.beforeFlush();
    expect(sent).toHaveLength(1);
  });

  it('come at most every 30 seconds, but for the last', () => {
    lose(1);
    schedule.beforeFlush();
    deliver();
    for (let second = 0; second < 29; second += 1) {
      lose(1);
      schedule.beforeFlush();
      vi.advanceTimersByTime(1000);
      deliver(1);
    }
    expect(counts()).toEqual([1]);
    vi.advanceTimersByTime(2000);
    expect(counts()).toEqual([1, 30]);
    deliver();
    lose(5);
    schedule.beforeEnd();
    expect(counts()).toEqual([1, 30, 35]);
  });

  it('wait for a span that gets through, where nobody flushes', () => {
    lose(1);
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual([]);
    deliver(1);
    vi.advanceTimersByTime(1000);
    expect(counts()).toEqual([1]);
  });

  it('are not added to a full queue, nor to one that holds a report', () => {
    for (let span = 0; span < 10; span += 1) accounts.enqueue();
    lose(1);
    schedule.beforeFlush();
    expect(sent).toEqual([]);
    deliver();
    schedule.beforeFlush();
    lose(1);
    schedule.beforeEnd();
    expect(counts()).toEqual([1]);
  });

  it('stop with the end', () => {
    schedule.beforeEnd();
    lose(1);
    deliver(1);
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
