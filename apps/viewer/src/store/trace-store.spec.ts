import { describe, expect, it } from 'vitest';
import { log, span } from '../testing/fixtures.js';
import type { ReceivedSpan } from '../telemetry.interface.js';
import { MAX_PINNED, MAX_STORED_TRACES } from './limits.js';
import { TraceStore } from './trace-store.js';

function storeOf(maxSpans: number): TraceStore {
  return new TraceStore({ maxSpans });
}

function id(number: number): string {
  return number.toString(16).padStart(32, '0');
}

function spansOf(trace: number, count: number, service = 'demo'): ReceivedSpan[] {
  return Array.from({ length: count }, (_, at) =>
    span(`s${at}`, at === 0 ? undefined : 's0', { traceId: id(trace), service }),
  );
}

function has(store: TraceStore, trace: number): boolean {
  return store.trace(id(trace)) !== undefined;
}

describe('P4 the store', () => {
  it('lets the trace go that was touched longest ago, whole, and counts it', () => {
    const store = storeOf(100);
    for (const trace of [1, 2, 3]) store.add({ spans: spansOf(trace, 30) });
    store.add({ spans: spansOf(1, 31) });
    store.add({ spans: spansOf(4, 30) });
    expect([1, 2, 3, 4].map((trace) => has(store, trace))).toEqual([true, false, true, true]);
    expect(store.totals).toMatchObject({ spans: 91, evicted: { traces: 1, spans: 30 } });
  });

  it('takes from the service that has most, so that a chatty one loses its own only', () => {
    const store = storeOf(100);
    for (const trace of [1, 2]) store.add({ spans: spansOf(trace, 10, 'quiet') });
    for (let trace = 10; trace < 200; trace++) store.add({ spans: spansOf(trace, 10, 'chatty') });
    expect([1, 2].every((trace) => has(store, trace))).toBe(true);
    expect(store.totals).toMatchObject({ spans: 100, traces: 10, services: 2 });
  });

  it('counts a trace for its service though log lines came first', () => {
    const store = storeOf(100);
    store.add({ logs: [{ ...log('early', 's0'), traceId: id(1) }] });
    store.add({ spans: spansOf(1, 10, 'quiet') });
    for (let trace = 10; trace < 50; trace++) {
      store.add({ logs: [{ ...log('early', 's0'), traceId: id(trace) }] });
      store.add({ spans: spansOf(trace, 10, 'chatty') });
    }
    expect(has(store, 1)).toBe(true);
  });

  it('keeps what is pinned, up to half of its room', () => {
    const store = storeOf(100);
    store.add({ spans: spansOf(1, 30) });
    store.add({ spans: spansOf(2, 30) });
    expect(store.pin(store.trace(id(1))!, true)).toBe(true);
    expect(store.pin(store.trace(id(2))!, true)).toBe(false);
    for (let trace = 3; trace < 20; trace++) store.add({ spans: spansOf(trace, 30) });
    expect([1, 2].map((trace) => has(store, trace))).toEqual([true, false]);
    expect(store.totals.spans).toBeLessThanOrEqual(100);
  });

  it('pins no more traces than a person looks at', () => {
    const store = storeOf(100_000);
    const pinned = Array.from({ length: MAX_PINNED + 1 }, (_, trace) => {
      store.add({ spans: spansOf(trace + 1, 1) });
      return store.pin(store.trace(id(trace + 1))!, true);
    });
    expect(pinned.filter(Boolean)).toHaveLength(MAX_PINNED);
  });

  it('holds a bounded number of traces, of bytes, and of spans of one trace', () => {
    const store = storeOf(1_000);
    store.add({ spans: spansOf(1, 2_000) });
    expect(store.trace(id(1))).toMatchObject({ spanCount: 500, dropped: { spans: 1_500 } });
    for (let trace = 2; trace < 100; trace++) {
      const attributes = { text: 'x'.repeat(1_000_000) };
      store.add({ spans: [span('s0', undefined, { traceId: id(trace), attributes })] });
    }
    expect(store.totals.traces).toBeLessThanOrEqual(3);
    const roomy = storeOf(1_000_000);
    for (let trace = 0; trace < MAX_STORED_TRACES + 50; trace++) {
      roomy.add({ spans: spansOf(trace + 1, 1) });
    }
    expect(roomy.totals).toMatchObject({ traces: MAX_STORED_TRACES, evicted: { traces: 50 } });
  });

  it('stays within its limits in a day of traffic', () => {
    const store = storeOf(2_000);
    for (let trace = 1; trace < 40_000; trace++) {
      store.add({ spans: spansOf(trace, 1 + (trace % 7), `service ${trace % 300}`) });
    }
    expect(store.totals.spans).toBeLessThanOrEqual(2_000);
    expect(store.totals.spans).toBeGreaterThan(1_900);
    expect(store.totals.services).toBeLessThanOrEqual(201);
  });
});

describe('P21 what comes late, twice or in any order', () => {
  it('joins its trace, the same span in its place, another of its id beside it', () => {
    const store = storeOf(100);
    const [root, child] = spansOf(1, 2);
    store.add({ spans: [child!] });
    const trace = store.trace(id(1))!;
    expect(trace.isRunning(8_000)).toBe(true);
    store.add({ spans: [root!, root!, { ...child!, name: 'another' }] });
    expect(trace).toMatchObject({ spanCount: 3, isComplete: true });
    expect(trace.isRunning(8_000)).toBe(false);
    expect(trace.span('s1', 1)?.name).toBe('another');
  });

  it('costs no more for a span that comes again and again', () => {
    const store = storeOf(100_000);
    const [only] = spansOf(1, 1);
    for (let time = 0; time < 100; time++) store.add({ spans: Array(10_000).fill(only) });
    expect(store.totals).toMatchObject({ spans: 1, dropped: { spans: 0 } });
  });

  it('is running no longer once nothing came for the given time', () => {
    const store = storeOf(100);
    store.add({ spans: [spansOf(1, 2)[1]!] });
    const trace = store.trace(id(1))!;
    expect(trace.isRunning(8_000, Date.now() + 7_000)).toBe(true);
    expect(trace.isRunning(8_000, Date.now() + 9_000)).toBe(false);
  });
});

describe('P25 an open span', () => {
  it('is running until its end comes, and is not counted twice', () => {
    const store = storeOf(100);
    const [root] = spansOf(1, 1);
    store.add({ spans: [{ ...root!, isPending: true }] });
    const trace = store.trace(id(1))!;
    expect(trace.isRunning(8_000, Date.now() + 60_000)).toBe(true);
    store.add({ spans: [root!] });
    expect(trace.isRunning(8_000)).toBe(false);
    store.add({ spans: [{ ...root!, isPending: true }] });
    expect(trace).toMatchObject({ spanCount: 1, isComplete: true });
  });
});

describe('P8 links to a trace', () => {
  it('are known before it comes, and forgotten with those who link', () => {
    const store = storeOf(20);
    const link = { traceId: id(9), spanId: 's0', attributes: {} };
    store.add({ spans: [span('origin', undefined, { traceId: id(1), links: [link] })] });
    expect(store.linksTo(id(9))).toEqual([
      { targetSpanId: 's0', traceId: id(1), spanId: 'origin' },
    ]);
    for (let trace = 2; trace < 8; trace++) store.add({ spans: spansOf(trace, 10) });
    expect(store.linksTo(id(9))).toEqual([]);
  });
});

describe('what was removed', () => {
  it('is told since any revision that is remembered', () => {
    const store = storeOf(100);
    store.add({ spans: spansOf(1, 1) });
    const before = store.revision;
    store.remove(store.trace(id(1))!);
    expect(store.removedSince(before)).toEqual([id(1)]);
    expect(store.removedSince(store.revision)).toEqual([]);
  });

  it('is not told since one that is too long ago', () => {
    const store = storeOf(1);
    for (let trace = 1; trace < 45_000; trace++) store.add({ spans: spansOf(trace, 1) });
    expect(store.removedSince(1)).toBeUndefined();
    expect(store.removedSince(store.revision - 10)).toBeDefined();
  });
});
