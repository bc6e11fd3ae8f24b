import { ROW } from '../trace/display-tree.js';
import { rowOf } from '../trace/visible-rows.js';
import { abortOf } from '../trace/self-segments.js';
import { hatch } from '../paint/canvas.js';
import { ticksOf } from './time-window.js';
import { ROW_HEIGHT, xOf, type Brush } from './brush.js';

/** Rows that are painted: from the first, so many. */
export interface Stretch {
  readonly rows: Int32Array;
  readonly first: number;
  readonly count: number;
}

/** Lines of time behind the bars. */
export function paintGrid(brush: Brush, height: number, ticks: number): void {
  const { context, colours } = brush;
  context.fillStyle = colours.line;
  for (const tick of ticksOf(brush.window, ticks)) {
    context.fillRect(Math.round(xOf(brush, tick)), 0, 1, height);
  }
}

/** Time for which the loop of a process stood still, across every row. */
export function paintBlocked(brush: Brush, height: number): void {
  const { context, colours, tree } = brush;
  for (const { start, duration, span } of tree.model.detail.blocked) {
    const left = xOf(brush, start);
    const width = Math.max(2, xOf(brush, start + duration) - left);
    if (left + width < 0 || left > brush.room) continue;
    context.fillStyle = colours.band;
    context.globalAlpha = span >= 0 ? 1 : 0.55;
    context.fillRect(left, 0, width, height);
    context.fillStyle = hatch(context, colours.band);
    context.fillRect(left, 0, width, height);
    context.globalAlpha = 1;
  }
}

/** An upright line across a group at the moment of its abort. */
export function paintAborts(brush: Brush, { rows, first, count }: Stretch): void {
  const { tree, context, colours } = brush;
  const seen = new Set<number>();
  for (let row = first; row < first + count; row++) {
    const position = rows[row]!;
    const group = tree.kind[position] === ROW.span ? tree.model.parent[tree.ref[position]!]! : -1;
    if (group < 0 || seen.has(group) || tree.model.outcome[tree.ref[position]!] === 0) continue;
    seen.add(group);
    const abort = abortOf(tree.model, group);
    if (abort < 0) continue;
    const at = tree.positionOfSpan[group]!;
    const top = (rowOf(rows, at) - first) * ROW_HEIGHT;
    const bottom = (rowOf(rows, tree.end[at]! - 1) - first + 1) * ROW_HEIGHT;
    const x = Math.round(xOf(brush, abort)) + 0.5;
    context.strokeStyle = colours.bad;
    context.lineWidth = 1;
    context.setLineDash([2, 2]);
    context.beginPath();
    context.moveTo(x, top + 4);
    context.lineTo(x, bottom - 2);
    context.stroke();
    context.setLineDash([]);
  }
}

/** Curves between spans of this trace that link to each other. */
export function paintCurves(brush: Brush, { rows, first }: Stretch, height: number): void {
  const { tree, context, colours } = brush;
  const { curves, detail } = tree.model;
  context.strokeStyle = colours.accent;
  context.lineWidth = 1.2;
  context.setLineDash([4, 3]);
  for (let at = 0; at < curves.length; at += 2) {
    const from = place(brush, rows, first, curves[at + 1]!);
    const to = place(brush, rows, first, detail.links.span[curves[at]!]!);
    if (Math.max(from.y, to.y) < 0 || Math.min(from.y, to.y) > height) continue;
    const bend = Math.min(60, 12 + Math.abs(to.y - from.y) / 3);
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.bezierCurveTo(from.x - bend, from.y, to.x - bend, to.y, to.x, to.y);
    context.stroke();
  }
  context.setLineDash([]);
}

function place(brush: Brush, rows: Int32Array, first: number, span: number) {
  const row = rowOf(rows, brush.tree.positionOfSpan[span]!);
  return { x: xOf(brush, brush.tree.model.start[span]!), y: (row - first + 0.5) * ROW_HEIGHT };
}
