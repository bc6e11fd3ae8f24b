import { describe, expect, it } from 'vitest';
import type { SharedSlice } from '../transport/shared-slice.js';
import { copyOut } from '../transport/shared-slice.js';
import { SharedBlocks } from './shared-blocks.js';

const SIZE = 64;

/** A part of a block as it is handed over. */
function partOf(blocks: SharedBlocks, block: Buffer<SharedArrayBuffer>, from: number, to: number) {
  blocks.handOver(to - from);
  return new Uint8Array(block.buffer, block.byteOffset + from, to - from) as SharedSlice;
}

describe('shared blocks', () => {
  it('gives a block again once all that was handed over of it has been copied', () => {
    const blocks = new SharedBlocks(SIZE);
    const first = blocks.next(SIZE);
    first.fill(7);
    const parts = [partOf(blocks, first, 0, 40), partOf(blocks, first, 40, 64)];
    const second = blocks.next(SIZE);
    expect(second.buffer).not.toBe(first.buffer);
    expect(copyOut(parts[0] as SharedSlice)).toEqual(new Uint8Array(40).fill(7));
    expect(blocks.next(SIZE).buffer).toBe(second.buffer); // nothing of it was handed over
    copyOut(parts[1] as SharedSlice);
    partOf(blocks, second, 0, 8);
    expect(blocks.next(SIZE).buffer).toBe(first.buffer);
  });

  it('never gives memory again that a crashed thread has not copied, nor memory of another size', () => {
    const blocks = new SharedBlocks(SIZE);
    const given = new Set<SharedArrayBuffer>();
    for (let round = 0; round < 100; round += 1) {
      const block = blocks.next(round % 3 === 0 ? 2 * SIZE : SIZE);
      expect(given).not.toContain(block.buffer);
      given.add(block.buffer);
      partOf(blocks, block, 0, 8);
    }
  });
});
