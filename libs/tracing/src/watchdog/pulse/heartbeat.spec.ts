import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, vi } from 'vitest';
import { WatchMemory } from '../thread/watch-memory.js';
import { cleanContext } from './clean-context.js';
import { GcMeter } from './gc-meter.js';
import { Heartbeat } from './heartbeat.js';

it('K7 counts garbage that was collected in the turn of a stall, and none of earlier ones', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const garbage = Array.from({ length: 3e6 }, (_, id) => ({ id }));
  const [gc, collected] = [new GcMeter(), [] as number[]];
  const listener = { turned: () => void collected.push(gc.read()), isBusy: () => true };
  const heart = new Heartbeat(new WatchMemory(), 10, gc, listener, cleanContext());
  heart.wake();
  collect();
  await vi.waitFor(() => expect(collected.length).toBeGreaterThan(5), { timeout: 10_000 });
  heart.stop();
  gc.stop();
  const [first = 0, ...later] = collected;
  expect(garbage).toHaveLength(3e6);
  expect(first).toBeGreaterThan(0);
  expect(later.filter((millis) => millis >= first)).toEqual([]);
});
