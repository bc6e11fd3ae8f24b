import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Tracer } from '@opentelemetry/api';
import { MAX_QUEUE_SIZE, providerOf } from './pipelines.js';
import type { PipelineName, Provider } from './pipelines.js';

// One pipeline under one load: arguments are its name, the load and the collector's URL.

/** What one run has measured. */
export interface ExportFigures {
  readonly spans: number;
  /** Of this thread, for each span. */
  readonly cpuMicros: number;
  /** The most that this thread was at work between two turns of its loop, in milliseconds of its CPU. */
  readonly longestTurnMillis: number;
  readonly turnsOverOneMilli: number;
  readonly spansPerSecond: number;
  /** On the heap of this thread, for each span; counted under the load `allocating` alone. */
  readonly allocatedBytes: number;
  /** Memory of the process since before the first span. */
  readonly grownMebibytes: number;
  /** What the first hand-over took on this thread, and until the first spans were out. */
  readonly startMillis: number;
  readonly firstExportMillis: number;
}

/** How a run loads its pipeline. */
export type Load = 'busy' | 'steady' | 'full' | 'allocating';

const SPANS_PER_SECOND = 10_000;
const MILLIS = 3000;
const WARM_UP_SPANS = 20_000;
const BUSY_SPANS = 200_000;
const SPANS_PER_TURN = 50;
const SPANS_PER_FLUSH = 10_000;
const RUNS: Record<Load, () => Promise<Measured>> = {
  busy: runBusy,
  steady: runSteady,
  full: runFull,
  allocating: runAllocating,
};

/** Few enough for the young generation that the process is started with: nothing is collected. */
const COUNTED_SPANS = 20_000;
const NONE = { cpuMicros: 0, longestTurnMillis: 0, turnsOverOneMilli: 0, allocatedBytes: 0 };

type Measured = Omit<ExportFigures, 'startMillis' | 'firstExportMillis' | 'grownMebibytes'>;

const [, , name, load, url = ''] = process.argv;
const provider = await providerOf(name as PipelineName, url);
const tracer = provider.getTracer('bench');
const rssBefore = process.memoryUsage.rss();
const { startMillis, firstExportMillis } = await startUp(provider, tracer);
await steady(tracer, WARM_UP_SPANS, () => undefined);
await provider.forceFlush();
const run = await RUNS[load as Load]();
const grownMebibytes = (process.memoryUsage.rss() - rssBefore) / 2 ** 20;
const spans = run.spans + WARM_UP_SPANS + 1;
process.send?.({ ...run, spans, startMillis, firstExportMillis, grownMebibytes }, () =>
  process.disconnect(),
);
await provider.shutdown();

async function startUp(from: Provider, by: Tracer) {
  const start = performance.now();
  endSpan(by);
  const flushed = from.forceFlush();
  const startMillis = performance.now() - start;
  await flushed;
  return { startMillis, firstExportMillis: performance.now() - start };
}

/** Turn after turn without a rest: what a span costs is not hidden by what waking up costs. */
async function runBusy(): Promise<Measured> {
  const before = process.threadCpuUsage();
  const start = performance.now();
  for (let ended = 0; ended < BUSY_SPANS; ended += SPANS_PER_TURN) {
    for (let span = 0; span < SPANS_PER_TURN; span += 1) endSpan(tracer);
    if (ended % SPANS_PER_FLUSH === 0) await provider.forceFlush();
    else await nextTurn();
  }
  await provider.forceFlush();
  const { user, system } = process.threadCpuUsage(before);
  return {
    ...NONE,
    spans: BUSY_SPANS,
    cpuMicros: (user + system) / BUSY_SPANS,
    spansPerSecond: (BUSY_SPANS / (performance.now() - start)) * 1000,
  };
}

async function runSteady(): Promise<Measured> {
  const turns: number[] = [];
  const before = process.threadCpuUsage();
  const start = performance.now();
  const spans = (SPANS_PER_SECOND * MILLIS) / 1000;
  await steady(tracer, spans, (micros) => turns.push(micros));
  await provider.forceFlush();
  const { user, system } = process.threadCpuUsage(before);
  return {
    ...NONE,
    spans,
    cpuMicros: (user + system) / spans,
    longestTurnMillis: Math.max(...turns) / 1000,
    turnsOverOneMilli: turns.filter((micros) => micros > 1000).length,
    spansPerSecond: (spans / (performance.now() - start)) * 1000,
  };
}

/** Ten spans each millisecond or as the timer allows; tells the CPU time of each turn. */
async function steady(by: Tracer, spans: number, onTurn: (micros: number) => void): Promise<void> {
  const start = performance.now();
  let [ended, last] = [0, threadMicros()];
  while (ended < spans) {
    const due = Math.min(spans, Math.ceil(((performance.now() - start) / 1000) * SPANS_PER_SECOND));
    for (const until = Math.min(due, ended + 50); ended < until; ended += 1) endSpan(by);
    await sleep(1);
    const now = threadMicros();
    onTurn(now - last);
    last = now;
  }
}

/** As fast as the queue lets it, with nothing lost. */
async function runFull(): Promise<Measured> {
  const start = performance.now();
  const chunk = MAX_QUEUE_SIZE / 8;
  let spans = 0;
  while (performance.now() - start < MILLIS) {
    const flushed = provider.forceFlush();
    for (let span = 0; span < chunk; span += 1) endSpan(tracer);
    spans += chunk;
    await flushed;
  }
  await provider.forceFlush();
  const seconds = (performance.now() - start) / 1000;
  return { ...NONE, spans, spansPerSecond: spans / seconds };
}

/** What is allocated beside the spans, by the turns of the loop, is a few bytes of each. */
async function runAllocating(): Promise<Measured> {
  const before = process.memoryUsage().heapUsed;
  for (let ended = 0; ended < COUNTED_SPANS; ended += 1) endSpan(tracer);
  const allocatedBytes = (process.memoryUsage().heapUsed - before) / COUNTED_SPANS;
  await provider.forceFlush();
  return { ...NONE, spans: COUNTED_SPANS, spansPerSecond: 0, allocatedBytes };
}

function endSpan(by: Tracer): void {
  const span = by.startSpan('GET /orders/:id');
  span.setAttribute('http.request.method', 'GET');
  span.setAttribute('http.route', '/orders/:id');
  span.setAttribute('http.response.status_code', 200);
  span.setAttribute('order.express', true);
  span.end();
}

function threadMicros(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
