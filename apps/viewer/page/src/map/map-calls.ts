import type { ServiceMap } from '../../../src/wire/overview.interface.js';
import { COLUMN_GAP, NODE_HEIGHT, NODE_WIDTH, type Placed } from './map-layout.js';

/** Where the lines above the nodes run, and how far they are apart. */
const FIRST_LANE = 40;
const LANE = 36;

/** A call as it is drawn: the line, and the middle of its text. */
export interface DrawnCall {
  readonly path: string;
  readonly text: Placed;
}

/**
 * Lines of calls. Between neighbouring columns they are straight on; what leads further, or back, goes
 * above all nodes, each in a lane of its own, so that no node hides it.
 */
export function drawnCalls(
  { edges }: ServiceMap,
  nodes: readonly Placed[],
): { readonly calls: readonly DrawnCall[]; readonly above: number } {
  let lanes = 0;
  const calls = edges.map(({ from, to }) => {
    const [one, other] = [nodes[from]!, nodes[to]!];
    const isNext = other.x - one.x === NODE_WIDTH + COLUMN_GAP;
    return isNext ? straight(one, other) : around(one, other, FIRST_LANE + LANE * lanes++);
  });
  return { calls, above: lanes === 0 ? 0 : FIRST_LANE + LANE * (lanes - 1) + 16 };
}

function straight(one: Placed, other: Placed): DrawnCall {
  const [x1, y1, x2, y2] = ends(one, other);
  const middle = (x1 + x2) / 2;
  return {
    path: `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`,
    text: { x: middle, y: (y1 + y2) / 2 },
  };
}

/** The middle of the curve lies `height` above the nodes: a cubic is there by three quarters of its bend. */
function around(one: Placed, other: Placed, height: number): DrawnCall {
  const [x1, y1, x2, y2] = ends(one, other);
  const bend = (-8 * height - y1 - y2) / 6;
  const reach = Math.max(70, Math.abs(x2 - x1) / 4);
  return {
    path: `M${x1} ${y1} C${x1 + reach} ${bend} ${x2 - reach} ${bend} ${x2} ${y2}`,
    text: { x: (x1 + x2) / 2, y: -height },
  };
}

function ends(one: Placed, other: Placed): [number, number, number, number] {
  return [one.x + NODE_WIDTH, one.y + NODE_HEIGHT / 2, other.x, other.y + NODE_HEIGHT / 2];
}
