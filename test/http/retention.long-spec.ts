import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runProbe } from '../groups/probes/run-probe.js';
import { PLATFORMS } from './support/http-app.js';

/** What one application found when every response of a round had ended. */
interface Found {
  readonly what: string;
  /** How many requests, responses and bodies there were. */
  readonly seen: number;
  readonly alive: number;
  /** How many of what outlives a request are kept. */
  readonly kept: number;
  readonly idle: number;
}

const KEPT = 'timer,interval,bind,promise,span,detached,pool,agent,failure'.split(',');
const IDLE = 'nothing';

describe.each(PLATFORMS)('what a request leaves behind, on %s', (platform) => {
  let rounds: readonly Found[];
  beforeAll(async () => {
    const args = [platform, ...KEPT.map((what) => `${what}:20`), `${IDLE}:1000`];
    const folder = join(import.meta.dirname, 'support');
    rounds = (await runProbe('retention', args, folder)) as readonly Found[];
  });
  const find = (what: string): Found | undefined => rounds.find((round) => round.what === what);

  it.each(KEPT)('X1 what it makes and keeps for ever (%s) keeps no request', (what) => {
    const { seen, alive, kept } = find(what) ?? {};
    expect(seen).toBeGreaterThanOrEqual(60);
    expect(kept).toBeGreaterThan(0);
    expect(alive).toBe(0);
  });

  it('X1 1,000 idle connections hold no request', () => {
    const { seen, alive, idle } = find(IDLE) ?? {};
    expect(seen).toBeGreaterThanOrEqual(3000);
    expect(idle).toBe(1000);
    expect(alive).toBe(0);
  });
});
