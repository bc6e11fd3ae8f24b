import 'reflect-metadata';
import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import { TracingService } from 'nestjs-tracing';
import type { Samples } from '../measure.js';
import { inOrder } from '../turns.js';
import { barePrices, openShop } from './prices.js';
import type { Prices } from './prices.js';

// Sends what one of very many calls under one span takes; what is exported is received.

const CALLS = 10_000;
const ROUNDS = 15;
const WARM_UP_ROUNDS = 3;

const [, , endpoint = ''] = process.argv;
const { app, automatic } = await openShop({ endpoint, batch: { maxQueueSize: 65_536 } });
const tracing = app.get(TracingService);
const tracer = trace.getTracer('bench');
const bare = barePrices();

const loops: [name: string, loop: () => unknown][] = [
  ['bare sync', loop(bare, 'of')],
  ['bare async', loopAsync(bare, 'ofAsync')],
  ['real sync', loop(automatic, 'traced')],
  ['real async', loopAsync(automatic, 'tracedAsync')],
  ['automatic sync', loop(automatic, 'of')],
  ['automatic async', loopAsync(automatic, 'ofAsync')],
];
await measure(WARM_UP_ROUNDS);
process.send?.(await measure(ROUNDS));
await app.close();

/** What came before is exported before each loop, which then has the thread for itself. */
async function measure(rounds: number): Promise<Samples> {
  const samples: Samples = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of inOrder(loops, round)) {
      await tracing.flush();
      const start = performance.now();
      await underSpan(run);
      (samples[name] ??= []).push(((performance.now() - start) * 1e6) / CALLS);
    }
  }
  return samples;
}

function loop(prices: readonly Prices[], method: 'of' | 'traced') {
  return (): void => {
    const [one] = prices as [Prices];
    for (let call = 0; call < CALLS; call += 1) one[method]('key');
  };
}

function loopAsync(prices: readonly Prices[], method: 'ofAsync' | 'tracedAsync') {
  return async (): Promise<void> => {
    const [one] = prices as [Prices];
    for (let call = 0; call < CALLS; call += 1) await one[method]('key');
  };
}

async function underSpan(work: () => unknown): Promise<void> {
  const span = tracer.startSpan('request');
  await context.with(trace.setSpan(ROOT_CONTEXT, span), work);
  span.end();
}
