import { expect } from 'vitest';
import { OtlpCollector } from '../../support/otlp-collector.js';
import { figure } from '../../support/tracing-app.js';
import type { RunPlan } from './fixture.js';
import { factsOf } from './fixture.js';

interface StressFacts {
  readonly node: string;
  readonly rounds: number;
  readonly samples: number;
  readonly inSpans: number;
  readonly growth: number;
  readonly faults: readonly string[];
}

/** Interrupts the mix for so long and expects that it has not noticed. */
export async function expectUndisturbed(seconds: number, plan: RunPlan = {}): Promise<void> {
  const collector = await OtlpCollector.start();
  const env = { ENDPOINT: collector.url };
  const facts = await factsOf<StressFacts>('stress.mjs', [String(seconds)], { ...plan, env });
  await collector.close();
  const { node, rounds, samples, inSpans, growth } = facts;
  figure(
    `K14 ${node}: ${samples} samples in ${seconds} s, ${inSpans} in spans, ${rounds} rounds, ` +
      `${growth.toFixed(1)} MB`,
  );
  expect(facts.faults).toEqual([]);
  expect(inSpans).toBeGreaterThan(0);
  expect(growth).toBeLessThan(16);
}
