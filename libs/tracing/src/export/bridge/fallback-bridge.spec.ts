import { describe, expect, it } from 'vitest';
import { SharedLedger } from '../accounts/shared-ledger.js';
import type { ExportBridge } from './export-bridge.interface.js';
import type { HandOn, BridgeFactory } from './fallback-bridge.js';
import { FallbackBridge } from './fallback-bridge.js';

/** A bridge that keeps what it is told; a flush is answered when the test says so. */
function keepingBridge(): { bridge: ExportBridge; told: string[]; answer: (left: number) => void } {
  const told: string[] = [];
  const { promise, resolve } = Promise.withResolvers<number>();
  const bridge: ExportBridge = {
    needsLoop: true,
    isStarting: false,
    lagMillis: 0,
    setResource: () => void told.push('resource'),
    addScope: () => void told.push('scope'),
    handOver: (_, count) => void told.push(`${count} spans`),
    flush: () => promise,
    drain: () => Promise.resolve(),
    drainBlocking: () => void told.push('drain'),
    collect: () => new SharedLedger().collect(),
  };
  return { bridge, told, answer: resolve };
}

const handOn: HandOn = (next) => {
  next.setResource(new Uint8Array(), undefined);
  next.handOver(new Uint8Array(new SharedArrayBuffer(8)), 3);
};

describe('a bridge with another behind it', () => {
  it('gives the next one what the first was told, and asks it for what is left', async () => {
    const [first, second] = [keepingBridge(), keepingBridge()];
    let giveUp: () => void = () => undefined;
    const make: BridgeFactory = (onUnusable) => {
      giveUp = () => onUnusable('no thread', handOn);
      return first.bridge;
    };
    const reasons: string[] = [];
    const bridge = new FallbackBridge(make, (reason) => {
      reasons.push(reason);
      return second.bridge;
    });
    const flushed = bridge.flush(1000);
    giveUp();
    first.answer(0);
    second.answer(3);
    expect(await flushed).toBe(3);
    bridge.handOver(new Uint8Array(new SharedArrayBuffer(8)), 4);
    expect(reasons).toEqual(['no thread']);
    expect([first.told, second.told]).toEqual([[], ['resource', '3 spans', '4 spans']]);
  });

  it('uses the next one from the beginning if the first is of no use from the beginning', () => {
    const [first, second] = [keepingBridge(), keepingBridge()];
    const make: BridgeFactory = (onUnusable) => {
      onUnusable('no thread', handOn);
      return first.bridge;
    };
    const bridge = new FallbackBridge(make, () => second.bridge);
    bridge.drainBlocking(1);
    expect([first.told, second.told]).toEqual([[], ['resource', '3 spans', 'drain']]);
  });

  it('does nothing of its own while the first can be used', async () => {
    const first = keepingBridge();
    const bridge = new FallbackBridge(
      () => first.bridge,
      () => expect.unreachable(),
    );
    first.answer(7);
    expect(await bridge.flush(1000)).toBe(7);
    bridge.drainBlocking(1);
    expect(first.told).toEqual(['drain']);
  });
});
