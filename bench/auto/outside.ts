import 'reflect-metadata';
import { SamplingDecision, trace } from '@opentelemetry/api';
import type { Sampler } from '@opentelemetry/sdk-trace';
import { interleave } from '../measure.js';
import { callEach, callFromOnePlace } from './call-places.js';
import { barePrices, openShop } from './prices.js';

// Sends what a call takes where no span records: around it there is none, or one that is sampled out, alone
// or beside another one that records. All classes are called from one place, or each from its own.

const BESIDE = 'beside';
const EFFORT = { rounds: 60, turnMillis: 3, warmUpCalls: 400_000 };

const [, , around, places] = process.argv;
const inTurn = places === 'own' ? callEach : callFromOnePlace;
/** Samples nothing but what records beside. */
const sampler: Sampler = {
  shouldSample: (_ctx, _traceId, name) => ({
    decision: name === BESIDE ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
  }),
};
const { app, automatic } = await openShop({ exporter: 'none', sampler });
const makers = { bare: barePrices(), automatic };
const variants = Object.entries(makers).flatMap(([maker, prices]) => [
  { name: `${maker} sync`, call: inTurn(prices, 'of') },
  { name: `${maker} async`, call: inTurn(prices, 'ofAsync') },
]);
const measure = () => interleave(variants, EFFORT);
const beside = around === 'beside' ? trace.getTracer('bench').startSpan(BESIDE) : undefined;
process.send?.(await (around === 'none' ? measure() : underSpan(measure)));
beside?.end();
await app.close();

function underSpan<T>(work: () => T): T {
  return trace.getTracer('bench').startActiveSpan('request', work);
}
