import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runProbe } from '../../groups/probes/run-probe.js';

/** What a process found when every reply had come. */
interface Found {
  readonly what: string;
  /** How many messages, contexts and replies there were. */
  readonly seen: number;
  readonly alive: number;
  /** How many of what outlives a message are kept. */
  readonly kept: number;
}

const KEPT = ['timer', 'interval', 'bind', 'promise', 'span', 'detached', 'failure'];

describe('what a message leaves behind', () => {
  let found: readonly Found[];

  beforeAll(async () => {
    found = (await runProbe(
      'message-retention',
      KEPT,
      join(import.meta.dirname, 'support'),
    )) as Found[];
  }, 40_000);

  it.each(KEPT)('X1 M17 what it makes and keeps for ever (%s) keeps no message', (kept) => {
    const round = found.find(({ what }) => what === kept);
    expect(round?.seen).toBeGreaterThanOrEqual(80);
    expect(round?.kept).toBeGreaterThanOrEqual(40);
    expect(round?.alive).toBe(0);
  });
});
