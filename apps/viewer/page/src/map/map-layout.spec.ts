import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServiceMap } from '../../../src/wire/overview.interface.js';
import { drawnCalls } from './map-calls.js';
import { NODE_HEIGHT, NODE_WIDTH, layoutMap } from './map-layout.js';

const mapOf = (count: number, edges: readonly (readonly [number, number])[]): ServiceMap => ({
  seconds: 1,
  nodes: Array.from({ length: count }, (_, at) => ({
    name: `s${at}`,
    kind: 'service',
    calls: 1,
    errors: 0,
  })),
  edges: edges.map(([from, to]) => ({ from, to, calls: 1, errors: 0, p50: 1, p95: 1 })),
});

describe('the service map', () => {
  it('P23 puts callers left of whom they call', () => {
    const { nodes } = layoutMap(
      mapOf(3, [
        [0, 1],
        [1, 2],
        [0, 2],
      ]),
    );
    expect(nodes.map(({ x }) => x)).toEqual([0, nodes[1]!.x, 2 * nodes[1]!.x]);
  });

  it('P23 places every node of any map apart, circles and calls of itself too', () => {
    const edge = fc.tuple(fc.nat(11), fc.nat(11));
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 40 }), (edges) => {
        const { nodes, width, height } = layoutMap(mapOf(12, edges));
        for (const [index, { x, y }] of nodes.entries()) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x + NODE_WIDTH).toBeLessThanOrEqual(width);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y + NODE_HEIGHT).toBeLessThanOrEqual(height);
          for (const other of nodes.slice(index + 1)) {
            expect(x !== other.x || Math.abs(y - other.y) >= NODE_HEIGHT).toBe(true);
          }
        }
      }),
    );
  });

  it('P23 leads lines between far columns, and back, above all nodes and apart from each other', () => {
    const map = mapOf(3, [
      [0, 1],
      [1, 2],
      [0, 2],
      [2, 0],
    ]);
    const { calls, above } = drawnCalls(map, layoutMap(map).nodes);
    const heights = calls.map(({ text }) => text.y);
    expect(heights.slice(0, 2).every((y) => y >= 0)).toBe(true);
    expect(heights[2]).toBeLessThan(0);
    expect(heights[3]).toBeLessThan(heights[2]!);
    expect(above).toBeGreaterThan(-heights[3]!);
  });

  it('draws nothing for nothing', () => {
    expect(layoutMap(mapOf(0, [])).nodes).toEqual([]);
  });
});
