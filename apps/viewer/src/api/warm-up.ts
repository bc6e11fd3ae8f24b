import { traceDetail } from '../detail/trace-detail.js';
import { decodeTraces } from '../receiving/otlp/decode-traces.js';
import { TraceStore } from '../store/trace-store.js';

/** Which span is the parent of another: a tree, a chain, and siblings have loops of their own. */
const SHAPES: readonly ((index: number) => number)[] = [
  (index) => Math.floor((index - 1) / 3),
  (index) => index - 1,
  () => 0,
];
const SPANS = 1_000;
const TIMES = 6;

/**
 * Makes the details of invented traces a few times, in about 60 ms of processor time: the engine then
 * has compiled what the first large trace that somebody opens would wait for.
 */
export function warmUp(): void {
  const store = new TraceStore({ maxSpans: 2 * SHAPES.length * SPANS });
  for (const [shape, parentOf] of SHAPES.entries()) {
    store.add({ spans: decodeTraces(inventedRequest(shape, parentOf)) });
  }
  for (let time = 0; time < TIMES; time++) {
    for (const trace of store.traces) JSON.stringify(traceDetail(trace, store, false));
  }
}

function inventedRequest(shape: number, parentOf: (index: number) => number): object {
  const spans = Array.from({ length: SPANS }, (_, index) => ({
    traceId: idOf(shape, 32),
    spanId: idOf(index, 16),
    ...(index === 0 ? {} : { parentSpanId: idOf(parentOf(index), 16) }),
    name: `step ${index % 50}`,
    kind: 1 + (index % 3),
    startTimeUnixNano: String(1_000_000_000_000 + 7_919 * index),
    endTimeUnixNano: String(1_000_004_000_000 + 7_919 * (2 * SPANS - index)),
    attributes: [{ key: 'db.query.text', value: { stringValue: `select ${index % 9}` } }],
    status: index % 400 === 399 ? { code: 2, message: 'failed' } : {},
  }));
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] };
}

function idOf(number: number, digits: number): string {
  return (number + 1).toString(16).padStart(digits, '0');
}
