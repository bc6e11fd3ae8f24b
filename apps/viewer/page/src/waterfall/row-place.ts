import { serviceColour } from '../paint/colours.js';
import { hasChildren, type DisplayTree } from '../trace/display-tree.js';
import { joinableLink } from '../trace/joinable-link.js';
import type { OpenTrace } from '../trace/open-trace.js';
import type { RowText } from '../trace/row-text.js';
import { barEdges } from './bar-edges.js';
import { xOf, type Brush } from './brush.js';
import type { RowPlace } from './row.view.js';

const LABEL_GAP = 6;
const LABEL_SIGN_WIDTH = 6.4;

interface PlacedRow {
  readonly row: number;
  readonly position: number;
  readonly text: RowText;
  /** Spans that are found. */
  readonly matches: ReadonlySet<number>;
}

/** Says how a row is shown: where its label has room, and what it is to its neighbours. */
export function rowPlace(trace: OpenTrace, brush: Brush, placed: PlacedRow): RowPlace {
  const { row, position, text, matches } = placed;
  const { tree } = brush;
  const hue = brush.hues[text.service];
  return {
    row,
    position,
    depth: tree.depth[position]!,
    isOpen: isOpen(trace, tree, position),
    isSelected: position === trace.selected.peek(),
    isMatch: matches.has(trace.spanAt(position)),
    colour: hue === undefined ? 'transparent' : serviceColour(hue, brush.colours.isDark).strong,
    ...labelPlace(brush, position, text.label),
  };
}

/** A link is closed until what it leads to is shown below it. */
function isOpen(trace: OpenTrace, tree: DisplayTree, position: number): boolean | undefined {
  if (hasChildren(tree, position)) return !trace.isClosed(position);
  return joinableLink(tree, position) < 0 ? undefined : false;
}

/** Right of the bar; where that ends beyond the edge left of it, or over the bar at the edge. */
function labelPlace(
  brush: Brush,
  position: number,
  label: string,
): Pick<RowPlace, 'labelAt' | 'isLabelLeft' | 'isLabelOnBar'> {
  const [start, end] = barEdges(brush.tree, position);
  const right = Math.max(0, xOf(brush, end)) + LABEL_GAP;
  const wanted = label.length * LABEL_SIGN_WIDTH + LABEL_GAP;
  if (right + wanted <= brush.room) return { labelAt: right };
  const left = xOf(brush, start) - LABEL_GAP;
  if (left > wanted) return { labelAt: left, isLabelLeft: true };
  return { labelAt: Math.max(2, brush.room - wanted - LABEL_GAP), isLabelOnBar: true };
}
