export type Shape = 'tree' | 'deep' | 'wide';

const MICROS = 1_000n;
/** More would be beyond what the viewer takes at once. */
const SPANS_A_MESSAGE = 10_000;
let lastId = 0n;

/** Ids that no other trace or span of the process has. */
export function freshId(digits: 16 | 32): string {
  return (++lastId).toString(16).padStart(digits, '0');
}

/** A trace of many spans as messages of OTLP JSON, eight attributes a span. */
export function largeTrace(traceId: string, count: number, shape: Shape): string[] {
  const ids = Array.from({ length: count }, () => freshId(16));
  const start = BigInt(Date.now() - 5_000) * 1_000_000n;
  const spans = ids.map((spanId, index) => {
    const [from, micros] = timeOf(index, count, shape);
    const above = index === 0 ? undefined : ids[parentOf(index, shape)];
    return {
      traceId,
      spanId,
      ...(above === undefined ? {} : { parentSpanId: above }),
      name: index === 0 ? `GET /${shape}/${count}` : `step ${index % 97}`,
      kind: index === 0 ? 2 : 1,
      startTimeUnixNano: String(start + BigInt(from) * MICROS),
      endTimeUnixNano: String(start + BigInt(from + micros) * MICROS),
      attributes: attributesOf(index),
      status: index % 500 === 499 ? { code: 2, message: 'failed' } : {},
    };
  });
  return Array.from({ length: Math.ceil(count / SPANS_A_MESSAGE) }, (_, part) =>
    resourceSpans(spans.slice(part * SPANS_A_MESSAGE, (part + 1) * SPANS_A_MESSAGE)),
  );
}

/** Small requests of ten spans each, so many of them, as one message. */
export function smallTraces(count: number): string {
  const start = BigInt(Date.now()) * 1_000_000n;
  const spans = Array.from({ length: count }, () => {
    const traceId = freshId(32);
    const root = freshId(16);
    return Array.from({ length: 10 }, (_, index) => ({
      traceId,
      spanId: index === 0 ? root : freshId(16),
      ...(index === 0 ? {} : { parentSpanId: root }),
      name: index === 0 ? 'GET /orders/:id' : `query ${index}`,
      kind: index === 0 ? 2 : 3,
      startTimeUnixNano: String(start + BigInt(index) * 1_000_000n),
      endTimeUnixNano: String(start + BigInt(index === 0 ? 12 : index + 1) * 1_000_000n),
      attributes: attributesOf(index),
      status: {},
    }));
  }).flat();
  return resourceSpans(spans);
}

function resourceSpans(spans: readonly object[]): string {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'bench' } }] };
  return JSON.stringify({
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'bench' }, spans }] }],
  });
}

function attributesOf(index: number) {
  return Array.from({ length: 8 }, (_, key) => ({
    key: `attribute.${key}`,
    value: key % 2 === 0 ? { stringValue: `value ${index % 100}` } : { intValue: String(index) },
  }));
}

function parentOf(index: number, shape: Shape): number {
  if (shape === 'deep') return index - 1;
  return shape === 'wide' ? 0 : Math.floor((index - 1) / 3);
}

/** Start and length in microseconds: every span lies in its parent. */
function timeOf(index: number, count: number, shape: Shape): [number, number] {
  if (index === 0) return [0, count * 200];
  if (shape === 'deep') return [index * 50, count * 200 - index * 100];
  return [index * 150, 100 + (index % 40) * 20];
}
