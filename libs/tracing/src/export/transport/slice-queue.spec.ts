import { describe, expect, it } from 'vitest';
import { FRAME_HEADER_BYTES } from './frame.js';
import { SliceQueue } from './slice-queue.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

function queueOf(...slices: [scope: number, span: Uint8Array][][]): SliceQueue {
  const queue = new SliceQueue();
  for (const spans of slices) {
    const frames = Buffer.concat(spans.map(([scope, span]) => frameOf(scope, span)));
    queue.push(Uint8Array.from(frames), spans.length);
  }
  return queue;
}

function frameOf(scope: number, span: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(FRAME_HEADER_BYTES + span.length);
  frame.writeUInt32BE(scope, 0);
  frame.writeUInt32BE(span.length, 4);
  frame.set(span, FRAME_HEADER_BYTES);
  return frame;
}

describe('SliceQueue', () => {
  it('gives spans back as they came, by scope, over the borders of slices', () => {
    const queue = queueOf(
      [
        [0, bytes(1, 2)],
        [1, bytes(3)],
      ],
      [
        [0, bytes()],
        [0, bytes(4)],
      ],
    );
    const { spans, count } = queue.take(3, Infinity);
    expect(count).toBe(3);
    expect([...spans]).toEqual([
      [0, [bytes(1, 2), bytes()]],
      [1, [bytes(3)]],
    ]);
    expect(queue.size).toBe(1);
    expect([...queue.take(9, Infinity).spans]).toEqual([[0, [bytes(4)]]]);
  });

  it('cuts by bytes, but gives one span at least', () => {
    const queue = queueOf([
      [0, bytes(1, 2, 3)],
      [0, bytes(4)],
    ]);
    expect(queue.take(9, 1).count).toBe(1);
    expect(queue.take(9, 1).count).toBe(1);
    expect(queue.take(9, 1).count).toBe(0);
  });
});
