import 'reflect-metadata';
import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import { TracingService } from 'nestjs-tracing';
import { barePrices, openShop } from './prices.js';
import type { Prices } from './prices.js';

/** What a process holds, and what it has exported. */
export interface Footprint {
  /** Bytes of heap that each further trace leaves behind. */
  readonly bytesPerTrace: number;
  /** Spans of the method that are exported of 10,000 calls under one parent. */
  readonly exported: number;
  /** The most memory that the process has held in its hot loop, beyond what the bare loop needs. */
  readonly hotLoopMegabytes: number;
}

const TRACES = 10_000;
const CALLS_PER_TRACE = 50;
const HOT_CALLS = 1_000_000;
const MEGABYTE = 1024 ** 2;

let exported = 0;
const exporter = {
  export: (spans: readonly unknown[], done: (result: { code: number }) => void) => {
    exported += spans.length;
    done({ code: 0 });
  },
  shutdown: () => Promise.resolve(),
  forceFlush: () => Promise.resolve(),
};

const { app, automatic: shop } = await openShop({ exporter });
const [automatic] = shop as [Prices];
const [bare] = barePrices() as [Prices];
const tracing = app.get(TracingService);
const tracer = trace.getTracer('bench');

const bytesPerTrace = await leftBehind();
// A process does not give back what it has taken, so the bare loop goes first.
const bareBytes = peakOf(bare);
const hotLoopMegabytes = (peakOf(automatic) - bareBytes) / MEGABYTE;
await tracing.flush();
exported = 0;
request(() => calls(10_000));
await app.close();
// One is the request's.
process.send?.({ bytesPerTrace, exported: exported - 1, hotLoopMegabytes } satisfies Footprint);

async function leftBehind(): Promise<number> {
  await traces(2_000);
  const before = heapUsed();
  await traces(TRACES);
  return (heapUsed() - before) / TRACES;
}

async function traces(count: number): Promise<void> {
  for (let each = 0; each < count; each += 1) {
    request(() => calls(CALLS_PER_TRACE));
    if (each % 20 === 0) await new Promise(setImmediate);
  }
  await tracing.flush();
}

function calls(count: number): void {
  for (let each = 0; each < count; each += 1) automatic.of('key');
}

/** The most memory that the process holds while very many calls are made under one span. */
function peakOf(prices: { of(key: string): number }): number {
  let peak = 0;
  request(() => {
    for (let call = 0; call < HOT_CALLS; call += 1) {
      prices.of('key');
      if (call % 50_000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
    }
  });
  return peak;
}

function request(work: () => void): void {
  const span = tracer.startSpan('request');
  context.with(trace.setSpan(ROOT_CONTEXT, span), work);
  span.end();
}

function heapUsed(): number {
  if (gc === undefined) throw new Error('Run this file with --expose-gc.');
  gc();
  return process.memoryUsage().heapUsed;
}
