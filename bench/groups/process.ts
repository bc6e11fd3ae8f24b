import type { TracingService } from 'nestjs-tracing';
import type { Samples, Variant } from '../measure.js';
import { interleave } from '../measure.js';
import { useStockTracer } from '../stock-tracer.js';
import type { Mode } from './modes.js';
import { inMode } from './modes.js';
import { MAPPED, SIZES, mapVariants, spawnVariants } from './variants.js';

/** Nanoseconds per child, by batch and variant. */
export type Figures = Record<string, Samples>;

/** Many short turns: one that the machine interrupts is then one of many. */
const ROUNDS = 200;
const TURN_MILLIS = 2;
const WARM_UP_CHILDREN = 60_000;

const mode = process.argv[2] as Mode;
if (mode === 'recording') useStockTracer(mode);
process.send?.(await inMode(mode, measure));

async function measure(tracing: TracingService): Promise<Figures> {
  const figures: Figures = {};
  for (const size of SIZES) {
    figures[`spawn ${size}`] = await perChild(spawnVariants(tracing, size), size);
  }
  if (mode === 'recording') figures['map'] = await perChild(mapVariants(tracing), MAPPED);
  return figures;
}

async function perChild(variants: readonly Variant[], size: number): Promise<Samples> {
  const effort = { rounds: ROUNDS, turnMillis: TURN_MILLIS, warmUpCalls: WARM_UP_CHILDREN / size };
  const samples = await interleave(variants, effort);
  return Object.fromEntries(
    Object.entries(samples).map(([name, calls]) => [name, calls.map((nanos) => nanos / size)]),
  );
}
