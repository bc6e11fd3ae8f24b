import { describe, expect, it } from 'vitest';
import { DropWindow } from './drop-window.js';

describe('the losses of late', () => {
  it('are those within the window, by the checks that saw them', () => {
    const losses = new DropWindow();
    const seen = [
      [0, 2],
      [500, 2],
      [900, 5],
      [1100, 5],
      [1950, 5],
    ].map(([now = 0, total = 0]) => losses.grownBy(total, 1000, now));
    expect(seen).toEqual([2, 2, 5, 3, 0]);
  });

  it('reach back to the check before, if that is longer ago', () => {
    const losses = new DropWindow();
    losses.grownBy(1, 1000, 0);
    expect(losses.grownBy(4, 1000, 60_000)).toBe(3);
    expect(losses.grownBy(4, 1000, 120_000)).toBe(0);
  });
});
