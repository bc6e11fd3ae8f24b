import { SPAN_FLAG } from '../../../src/wire/span-codes.js';
import { hatch } from '../paint/canvas.js';
import { itemsOf } from '../trace/groups.js';
import { abortOf } from '../trace/self-segments.js';
import { BAR_HEIGHT, BAR_TOP, ROW_HEIGHT, stretch, xOf, type Brush } from './brush.js';

/** From the moment of the abort on, the task only wound up. */
export function paintCalledOff(brush: Brush, span: number, top: number): void {
  const { context, colours, tree } = brush;
  const { model } = tree;
  const abort = abortOf(model, model.parent[span]!);
  const from = Math.max(abort, model.start[span]!);
  const place = stretch(brush, from, model.start[span]! + model.duration[span]! - from);
  if (!place) return;
  const wide: [number, number] = [place[0], Math.max(6, place[1])];
  context.fillStyle = colours.bg;
  context.fillRect(wide[0], top + BAR_TOP, wide[1], BAR_HEIGHT);
  context.fillStyle = hatch(context, colours.warn);
  context.fillRect(wide[0], top + BAR_TOP, wide[1], BAR_HEIGHT);
  context.strokeStyle = colours.warn;
  context.lineWidth = 1;
  context.strokeRect(wide[0] + 0.5, top + BAR_TOP + 0.5, wide[1] - 1, BAR_HEIGHT - 1);
}

/** Nobody knows when it ended: the bar fades out. */
export function paintOpenEnd(brush: Brush, span: number, top: number): void {
  const { model } = brush.tree;
  const end = xOf(brush, model.start[span]! + model.duration[span]!);
  const { context, colours } = brush;
  context.fillStyle = model.flags[span]! & SPAN_FLAG.pending ? colours.accent : colours.bad;
  for (let step = 0; step < 4; step++) {
    context.globalAlpha = 0.8 - step * 0.2;
    context.fillRect(end + 2 + step * 5, top + BAR_TOP + 3, 3, BAR_HEIGHT - 6);
  }
  context.globalAlpha = 1;
}

export function paintHollow(
  { context, colours, ...brush }: Brush,
  time: number,
  top: number,
): void {
  const x = xOf(brush, time);
  const middle = top + BAR_TOP + BAR_HEIGHT / 2;
  context.strokeStyle = colours.dim;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, middle - 5);
  context.lineTo(x + 5, middle);
  context.lineTo(x, middle + 5);
  context.lineTo(x - 5, middle);
  context.closePath();
  context.stroke();
}

/** What never arrived has the times of what it holds, in dots. */
export function paintGhost(brush: Brush, span: number, top: number): void {
  const { model } = brush.tree;
  const place = stretch(brush, model.start[span]!, model.duration[span]!);
  if (place) paintDashed(brush, place, brush.colours.dim, top);
}

function paintDashed(
  { context }: Brush,
  [left, width]: readonly [number, number],
  colour: string,
  top: number,
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.setLineDash([4, 3]);
  context.strokeRect(left + 0.5, top + BAR_TOP + 0.5, Math.max(3, width - 1), BAR_HEIGHT - 1);
  context.setLineDash([]);
}

export function paintEvents(brush: Brush, span: number, top: number): void {
  const { events } = brush.tree.model.detail;
  for (const event of itemsOf(brush.tree.model.eventsOf, span)) {
    const kind = events.kind[event]!;
    const { colours } = brush;
    const colour = kind === 'exception' || kind === 'blocked' ? colours.bad : colours.ink;
    brush.context.fillStyle = kind === 'repeated' || kind === 'slow' ? colours.warn : colour;
    const x = xOf(brush, events.time[event]!);
    if (x >= -1 && x <= brush.room + 1)
      brush.context.fillRect(x - 0.75, top + 4, 1.5, BAR_HEIGHT + 4);
  }
}

/** A line below the bar where the critical path runs; waits on it are dotted. */
export function paintPath(brush: Brush, span: number, top: number): void {
  const { context, colours, tree } = brush;
  const { path } = tree.model.detail;
  for (const section of itemsOf(tree.model.pathOf, span)) {
    const from = path.start[section]!;
    const place = stretch(brush, from, path.end[section]! - from);
    if (!place) continue;
    const what = path.what[section]!;
    context.strokeStyle = what === 'blocked' ? colours.bad : colours.path;
    context.lineWidth = 2;
    context.setLineDash(what === 'self' || what === 'blocked' ? [] : [3, 2]);
    context.beginPath();
    context.moveTo(place[0], top + BAR_TOP + BAR_HEIGHT + 3);
    context.lineTo(place[0] + place[1], top + BAR_TOP + BAR_HEIGHT + 3);
    context.stroke();
  }
  context.setLineDash([]);
}

export function paintMoment(
  { context, colours, ...brush }: Brush,
  time: number,
  top: number,
): void {
  const x = xOf(brush, time);
  context.fillStyle = colours.dim;
  context.beginPath();
  context.arc(x, top + ROW_HEIGHT / 2, 2.5, 0, Math.PI * 2);
  context.fill();
}

/** The other span on this axis, if its times are known. */
export function paintLink(brush: Brush, ref: number, top: number): void {
  const { links } = brush.tree.model.detail;
  const start = links.start[ref];
  if (typeof start !== 'number') return;
  const place = stretch(brush, start, links.duration[ref] ?? 0);
  if (place) paintDashed(brush, place, brush.colours.accent, top);
}
