import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DetachedTask } from '../index.js';
import { detach } from './detach.js';
import { DetachedDrain } from './detached-drain.js';
import { resolveDetached } from './detached-settings.js';
import { DetachedRegistry } from './detached.registry.js';

const hang = (): Promise<void> => sleep(60_000, undefined, { ref: false });

let registry: DetachedRegistry;
let log: string[];

beforeEach(() => {
  registry = new DetachedRegistry(resolveDetached());
  log = [];
  vi.spyOn(Logger.prototype, 'error').mockImplementation((text: unknown) => {
    log.push(String(text));
  });
});

afterEach(() => vi.restoreAllMocks());

describe('a drain', () => {
  it('D11 is done once, though its hooks are called twice at a time', async () => {
    const drain = new DetachedDrain(registry, 100);
    const task = detach(registry, 'hangs', {}, hang);
    const hooks = async (): Promise<void> => {
      await drain.waitForPresent();
      await drain.finish();
    };
    await Promise.all([hooks(), hooks()]);
    await task.done;
    expect(log.filter((line) => line.includes('"hangs" abandoned'))).toHaveLength(1);
    expect(registry.stats().ended.abandoned).toBe(1);
  });

  it('D11 refuses what a task detaches in answer to the abort', async () => {
    const drain = new DetachedDrain(registry, 100);
    let refused: unknown;
    detach(registry, 'obeys', {}, async ({ signal }) => {
      await sleep(60_000, undefined, { signal }).catch(() => undefined);
      try {
        detach(registry, 'late', {}, hang);
      } catch (error) {
        refused = error;
      }
    });
    await drain.finish();
    expect(refused).toMatchObject({ name: 'DetachedRejectedError', reason: 'stopped' });
    expect(registry.stats()).toMatchObject({ running: 0, refused: 1, ended: { ok: 1 } });
    expect(log).toEqual([]);
  });

  it('D9 counts its deadline from the first hook, and always leaves the flush its share', async () => {
    const drain = new DetachedDrain(registry, 200);
    drain.begin();
    detach(registry, 'hangs', {}, hang);
    await sleep(300);
    const begun = performance.now();
    await drain.finish();
    expect(performance.now() - begun).toBeLessThan(150);
    expect(drain.flushMillis()).toBe(20);
  });

  it('gives the flush all the time that nothing else took', async () => {
    const drain = new DetachedDrain(registry, 10_000);
    await drain.finish();
    expect(drain.flushMillis()).toBeGreaterThan(9000);
  });

  it('gives nothing any time where the deadline is 0', async () => {
    const drain = new DetachedDrain(registry, 0);
    const task: DetachedTask = detach(registry, 'hangs', {}, hang);
    await drain.finish();
    await task.done;
    expect(registry.stats().ended.abandoned).toBe(1);
    expect(drain.flushMillis()).toBe(0);
  });
});
