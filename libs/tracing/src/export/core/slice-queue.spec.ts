import { describe, expect, it } from 'vitest';
import { SliceQueue } from './slice-queue.js';
import { SliceWriter } from './slice.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

function queueOf(...slices: [scope: number, span: Uint8Array][][]): SliceQueue {
  const queue = new SliceQueue();
  for (const spans of slices) {
    const writer = new SliceWriter();
    for (const [scope, span] of spans) writer.append(scope, span);
    const { count } = writer;
    queue.push(writer.take(), count);
  }
  return queue;
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
