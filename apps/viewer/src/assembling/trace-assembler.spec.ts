import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { log, span, TRACE_ID } from '../testing/fixtures.js';
import type { ReceivedLog } from '../telemetry.interface.js';
import type { AssembledTrace } from './assembled-trace.interface.js';
import { TraceAssembler } from './trace-assembler.js';

describe('TraceAssembler', () => {
  let assembler: TraceAssembler;
  let finished: AssembledTrace[];

  beforeEach(() => {
    vi.useFakeTimers();
    assembler = new TraceAssembler({ quietMillis: 100, rootlessMillis: 1_000 });
    finished = [];
    assembler.finished.subscribe((trace) => finished.push(trace));
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('hands a trace over once its root is here and nothing came for a while', () => {
    assembler.add({ spans: [span('child', 'root')] });
    vi.advanceTimersByTime(200);
    expect(finished).toEqual([]);
    assembler.add({ spans: [span('root')] });
    vi.advanceTimersByTime(99);
    expect(finished).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(finished).toHaveLength(1);
    expect(finished[0]?.spans.map(({ name }) => name)).toEqual(['child', 'root']);
  });

  it('waits longer for a parent that may still be open, then hands over what is here', () => {
    assembler.add({ spans: [span('root'), span('child', 'open')] });
    vi.advanceTimersByTime(999);
    expect(finished).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(finished[0]?.spans).toHaveLength(2);
  });

  it('takes a span with a parent in another process for a root', () => {
    assembler.add({ spans: [span('server', 'elsewhere', { parentIsRemote: true })] });
    vi.advanceTimersByTime(100);
    expect(finished).toHaveLength(1);
  });

  it('hands the whole trace over again when a span arrives late', () => {
    assembler.add({ spans: [span('root')] });
    vi.advanceTimersByTime(100);
    assembler.add({ spans: [span('late', 'root')] });
    vi.advanceTimersByTime(100);
    expect(finished.map(({ spans, revision }) => [spans.length, revision])).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });

  it('keeps a span that was sent twice once', () => {
    assembler.add({ spans: [span('root'), span('root')] });
    vi.advanceTimersByTime(100);
    expect(finished[0]?.spans).toHaveLength(1);
  });

  it('keeps log lines with their trace and passes on those without at once', () => {
    const untraced: ReceivedLog[] = [];
    assembler.untraced.subscribe((line) => untraced.push(line));
    const { traceId: _trace, spanId: _span, ...loose } = log('starting', 'root');
    assembler.add({ logs: [loose, log('inside', 'root')], spans: [span('root')] });
    expect(untraced).toEqual([loose]);
    vi.advanceTimersByTime(100);
    expect(finished[0]?.logs.map(({ message }) => message)).toEqual(['inside']);
  });

  it('hands over what still waits when the viewer stops', () => {
    assembler.add({ spans: [span('child', 'root')] });
    assembler.onApplicationShutdown();
    expect(finished).toHaveLength(1);
  });

  it('hands the oldest over before it forgets them, however many come at once', () => {
    const many = Array.from({ length: 5_000 }, (_, index) =>
      span('root', undefined, { traceId: `trace ${index}` }),
    );
    assembler.add({ spans: many });
    expect(finished).toHaveLength(4_000);
    expect(assembler.held).toEqual({ traces: 1_000, spans: 1_000, logs: 0 });
    expect(assembler.spanName('trace 0', 'root')).toBeUndefined();
    vi.advanceTimersByTime(100);
    expect(finished.map(({ traceId }) => traceId)).toEqual(many.map(({ traceId }) => traceId));
  });

  it('holds a bounded part of one trace, and tells what it dropped', () => {
    const logs = Array.from({ length: 20_005 }, () => log('line', 'root'));
    const spans = Array.from({ length: 50_003 }, (_, index) => span(`s${index}`));
    assembler.add({ spans: [...spans, span('s0')], logs });
    vi.advanceTimersByTime(1_000);
    expect(finished[0]?.dropped).toEqual({ spans: 3, logs: 5 });
    expect(assembler.dropped).toEqual({ spans: 3, logs: 5 });
    expect(assembler.held).toEqual({ traces: 1, spans: 50_000, logs: 20_000 });
  });

  it('holds a bounded number of bytes, of one trace and of all', () => {
    const message = 'x'.repeat(1_000_000);
    for (let trace = 0; trace < 4; trace++) {
      const logs = Array.from({ length: 80 }, () => ({
        ...log(message, 'root'),
        traceId: `t${trace}`,
      }));
      assembler.add({ logs });
    }
    expect(assembler.dropped.logs).toBe(4 * 13);
    expect(assembler.held).toEqual({ traces: 2, spans: 0, logs: 2 * 67 });
  });

  it('knows the names of spans, for links', () => {
    assembler.add({ spans: [span('root')] });
    expect(assembler.spanName(TRACE_ID, 'root')).toBe('root');
    expect(assembler.spanName(TRACE_ID, 'other')).toBeUndefined();
  });
});
