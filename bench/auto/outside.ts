import 'reflect-metadata';
import { trace } from '@opentelemetry/api';
import { interleave } from '../measure.js';
import { callEach, callFromOnePlace } from './call-places.js';
import { barePrices, openShop } from './prices.js';

// Sends what a call takes where no span records: around it there is none, or one that is sampled out. All
// classes are called from one place, or each from its own.

const EFFORT = { rounds: 60, turnMillis: 3, warmUpCalls: 400_000 };

const [, , around, places] = process.argv;
const inTurn = places === 'own' ? callEach : callFromOnePlace;
const { app, automatic } = await openShop({ exporter: 'none', sampler: { ratio: 0 } });
const makers = { bare: barePrices(), automatic };
const variants = Object.entries(makers).flatMap(([maker, prices]) => [
  { name: `${maker} sync`, call: inTurn(prices, 'of') },
  { name: `${maker} async`, call: inTurn(prices, 'ofAsync') },
]);
const measure = () => interleave(variants, EFFORT);
process.send?.(await (around === 'sampled-out' ? underSpan(measure) : measure()));
await app.close();

function underSpan<T>(work: () => T): T {
  return trace.getTracer('bench').startActiveSpan('request', work);
}
