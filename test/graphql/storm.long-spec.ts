import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProbe } from '../groups/probes/run-probe.js';

/** What a process found when all operations were answered. */
interface Found {
  readonly answered: number;
  readonly spans: Readonly<Record<string, number>>;
  readonly operationsInRequests: number;
  readonly fieldsInOperations: number;
  readonly batchesInOperations: number;
  readonly keys: number;
  readonly kept: number;
  readonly seen: number;
  readonly alive: number;
}

const SOAK = process.env['SOAK'] === '1';

describe.each([
  ['apollo', SOAK ? 10_000 : 1000],
  ['mercurius', SOAK ? 10_000 : 500],
])('a storm with %s', (setup, operations) => {
  it(`X1 GQ3 GQ12 ${operations} operations in batches of 10: sums are exact, nothing is kept`, async () => {
    const args = [setup, String(operations)];
    const found = (await runProbe('storm', args, join(import.meta.dirname, 'support'))) as Found;
    const { spans } = found;
    expect(found.answered).toBe(operations);
    expect(spans['POST /graphql']).toBe(operations / 10);
    expect(spans['query']).toBe(operations);
    expect(found.operationsInRequests).toBe(operations);
    expect(spans['Order.user']).toBe(operations * 3);
    expect(spans['Order.total']).toBe(operations * 3);
    expect(found.fieldsInOperations).toBe(operations * 6);
    expect(found.keys).toBe(operations * 3);
    expect(found.batchesInOperations).toBe(spans['batch users']);
    expect(found.kept).toBeGreaterThan(operations);
    expect(found.seen).toBeGreaterThan(operations * 5);
    expect(found.alive).toBe(0);
  });
});
