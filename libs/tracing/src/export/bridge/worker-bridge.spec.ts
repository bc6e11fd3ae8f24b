import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { ExportSettings } from '../transport/export-settings.js';
import { WorkerBridge } from './worker-bridge.js';

const SLOW = fileURLToPath(
  new URL('../../../../../test/export/fixtures/slow-thread.mjs', import.meta.url),
);

it('an end waits for a thread that still starts, and for the collector only as long as it may', () => {
  const listener = {
    lost: () => undefined,
    crashed: () => undefined,
    collectorChanged: () => undefined,
  };
  const bridge = new WorkerBridge(SLOW, {} as ExportSettings, listener);
  bridge.handOver(new Uint8Array(new SharedArrayBuffer(8)), 7);
  bridge.drainBlocking(1000);
  expect(bridge.collect().spans.exported).toBe(7);
});
