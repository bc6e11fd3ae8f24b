import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { log, span } from '../testing/fixtures.js';
import { MAX_OPEN, OPEN_MILLIS } from './limits.js';
import { OpenSpanWatch } from './open-span-watch.js';
import { TraceStore } from './trace-store.js';

const START = 1_700_000_000_000;
const nanos = (millis: number) => BigInt(millis) * 1_000_000n;
const open = (spanId: string, parentId?: string, traceId = 'a') =>
  span(spanId, parentId, { traceId, startNanos: nanos(START - 300), endNanos: 0n });

let store: TraceStore;
let watch: OpenSpanWatch;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  store = new TraceStore({ maxSpans: 100_000 });
  watch = new OpenSpanWatch(store);
});
afterEach(() => {
  watch.onApplicationShutdown();
  vi.useRealTimers();
});

describe('P25 a span that is open', () => {
  it('has lasted until it was heard of last', () => {
    watch.add([open('s')]);
    const first = store.trace('a')!;
    expect(first.span('s')).toMatchObject({ isPending: true, endNanos: nanos(START) });
    vi.advanceTimersByTime(1_000);
    watch.add([{ ...open('s'), name: 'GET /orders/:id' }]);
    expect(first.span('s')).toMatchObject({ endNanos: nanos(START + 1_000) });
    expect(first.facts.first?.name).toBe('GET /orders/:id');
    expect(first.facts).toMatchObject({ pending: 1, endNanos: nanos(START + 1_000) });
    expect(store.totals.spans).toBe(1);
  });

  it('does not end before it started, whatever its clock says', () => {
    watch.add([{ ...open('s'), startNanos: nanos(START + 5_000) }]);
    expect(store.trace('a')?.span('s')?.endNanos).toBe(nanos(START + 5_000));
  });

  it('is forgotten once its process has been silent for long, and its trace with it', () => {
    watch.add([open('s')]);
    vi.advanceTimersByTime(OPEN_MILLIS - 1_000);
    expect(store.trace('a')).toBeDefined();
    vi.advanceTimersByTime(2_000);
    expect(store.trace('a')).toBeUndefined();
    expect(store.totals).toMatchObject({ traces: 0, spans: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves what has ended of its trace, which names it as missing', () => {
    watch.add([open('root'), open('child', 'root')]);
    store.add({ spans: [{ ...open('child', 'root'), endNanos: nanos(START) }] });
    store.add({ logs: [{ ...log('half done', 'child'), traceId: 'a' }] });
    vi.advanceTimersByTime(OPEN_MILLIS + 2_000);
    const trace = store.trace('a')!;
    expect([...trace.spans].map(({ spanId }) => spanId)).toEqual(['child']);
    expect(trace).toMatchObject({ missing: 1, facts: { pending: 0, root: undefined } });
    expect(store.totals).toMatchObject({ spans: 1, logs: 1 });
  });

  it('is what came at its end, whichever is received last', () => {
    const ended = { ...open('s'), endNanos: nanos(START - 50) };
    watch.add([open('s')]);
    store.add({ spans: [ended] });
    watch.add([open('s')]);
    vi.advanceTimersByTime(OPEN_MILLIS + 2_000);
    expect([...store.trace('a')!.spans]).toEqual([ended]);
  });

  it('gives way to newer ones where there are too many', () => {
    const spans = Array.from({ length: MAX_OPEN + 1 }, (_, at) => open(`s${at}`, 'root'));
    for (let at = 0; at < spans.length; at += 500) watch.add(spans.slice(at, at + 500));
    expect(store.trace('a')!.span('s0')).toBeUndefined();
    expect(store.trace('a')!.span('s1')).toBeDefined();
    expect(store.totals.spans).toBe(MAX_OPEN);
    vi.advanceTimersByTime(OPEN_MILLIS + 2_000);
    expect(store.totals).toMatchObject({ traces: 0, spans: 0 });
  });
});
