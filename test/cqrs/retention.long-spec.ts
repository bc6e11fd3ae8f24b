import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProbe } from '../groups/probes/run-probe.js';

/** What a process found when every handler had ended. */
interface Found {
  readonly seen: number;
  readonly kept: number;
  readonly alive: number;
}

describe('what handlers leave behind', () => {
  it.each(['child', 'link'])(
    'X1 what they make and keep for ever keeps no message (%s)',
    async (events) => {
      const folder = join(import.meta.dirname, 'support');
      const { seen, kept, alive } = (await runProbe('retention', [events], folder)) as Found;
      expect(seen).toBeGreaterThan(5000);
      expect(kept).toBeGreaterThan(10_000);
      expect(alive).toBe(0);
    },
  );
});
