import { describe, expect, it } from 'vitest';
import { SharedLedger } from '../core/shared-ledger.js';
import type { ExportLane } from './export-lane.interface.js';
import type { HandOn, LaneFactory } from './fallback-lane.js';
import { FallbackLane } from './fallback-lane.js';

/** A lane that keeps what it is told; a flush is answered when the test says so. */
function keepingLane(): { lane: ExportLane; told: string[]; answer: (left: number) => void } {
  const told: string[] = [];
  const { promise, resolve } = Promise.withResolvers<number>();
  const lane: ExportLane = {
    needsLoop: true,
    lagMillis: 0,
    setResource: () => void told.push('resource'),
    addScope: () => void told.push('scope'),
    handOver: (_, count) => void told.push(`${count} spans`),
    flush: () => promise,
    drain: () => Promise.resolve(),
    drainBlocking: () => void told.push('drain'),
    collect: () => new SharedLedger().collect(),
  };
  return { lane, told, answer: resolve };
}

const handOn: HandOn = (next) => {
  next.setResource(new Uint8Array(), undefined);
  next.handOver(new Uint8Array(), 3);
};

describe('a lane with another behind it', () => {
  it('gives the next one what the first was told, and asks it for what is left', async () => {
    const [first, second] = [keepingLane(), keepingLane()];
    let giveUp: () => void = () => undefined;
    const make: LaneFactory = (onUnusable) => {
      giveUp = () => onUnusable('no thread', handOn);
      return first.lane;
    };
    const reasons: string[] = [];
    const lane = new FallbackLane(make, (reason) => {
      reasons.push(reason);
      return second.lane;
    });
    const flushed = lane.flush();
    giveUp();
    first.answer(0);
    second.answer(3);
    expect(await flushed).toBe(3);
    lane.handOver(new Uint8Array(), 4);
    expect(reasons).toEqual(['no thread']);
    expect([first.told, second.told]).toEqual([[], ['resource', '3 spans', '4 spans']]);
  });

  it('uses the next one from the beginning if the first is of no use from the beginning', () => {
    const [first, second] = [keepingLane(), keepingLane()];
    const make: LaneFactory = (onUnusable) => {
      onUnusable('no thread', handOn);
      return first.lane;
    };
    const lane = new FallbackLane(make, () => second.lane);
    lane.drainBlocking(1);
    expect([first.told, second.told]).toEqual([[], ['resource', '3 spans', 'drain']]);
  });

  it('does nothing of its own while the first can be used', async () => {
    const first = keepingLane();
    const lane = new FallbackLane(
      () => first.lane,
      () => expect.unreachable(),
    );
    first.answer(7);
    expect(await lane.flush()).toBe(7);
    lane.drainBlocking(1);
    expect(first.told).toEqual(['drain']);
  });
});
