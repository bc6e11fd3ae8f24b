import { OUTCOMES, SPAN_FLAG } from '../../../src/wire/span-codes.js';
import { serviceColour } from '../paint/colours.js';
import { ROW } from '../trace/display-tree.js';
import { selfSegments } from '../trace/self-segments.js';
import { isFailed, type TraceModel } from '../trace/trace-model.js';
import { BAR_HEIGHT, BAR_TOP, ROW_HEIGHT, stretch, type Brush } from './brush.js';
import {
  paintCalledOff,
  paintEvents,
  paintGhost,
  paintHollow,
  paintLink,
  paintMoment,
  paintOpenEnd,
  paintPath,
} from './paint-marks.js';

/** Paints the ground of the selected row. */
export function paintSelected({ context, colours, room }: Brush, top: number): void {
  context.fillStyle = colours.select;
  context.globalAlpha = 0.6;
  context.fillRect(0, top, room, ROW_HEIGHT);
  context.globalAlpha = 1;
}

/** Paints the bar of one row at a height. */
export function paintRow(brush: Brush, position: number, top: number): void {
  const { tree } = brush;
  const ref = tree.ref[position]!;
  const kind = tree.kind[position];
  if (kind === ROW.span) paintSpan(brush, ref, top);
  else if (kind === ROW.fold) paintFold(brush, ref, top);
  else if (kind === ROW.log) paintMoment(brush, tree.model.detail.logs.time[ref]!, top);
  else paintLink(brush, ref, top);
}

function paintSpan(brush: Brush, span: number, top: number): void {
  const { model } = brush.tree;
  const outcome = OUTCOMES[model.outcome[span]!];
  const start = model.start[span]!;
  if (outcome === 'not_started') return paintHollow(brush, start, top);
  if (model.flags[span]! & SPAN_FLAG.missing) return paintGhost(brush, span, top);
  paintBody(brush, span, top);
  if (outcome === 'cancelled') paintCalledOff(brush, span, top);
  if (outcome === 'abandoned' || model.flags[span]! & SPAN_FLAG.pending)
    paintOpenEnd(brush, span, top);
  paintEvents(brush, span, top);
  paintPath(brush, span, top);
}

/** The whole of the span faint, its own time strong. */
function paintBody(brush: Brush, span: number, top: number): void {
  const { context, colours, tree } = brush;
  const { model } = tree;
  const place = stretch(brush, model.start[span]!, model.duration[span]!);
  if (!place) return;
  const { strong, faint } = serviceColour(brush.hues[model.service[span]!] ?? 0, colours.isDark);
  context.fillStyle = faint;
  context.beginPath();
  context.roundRect(place[0], top + BAR_TOP, place[1], BAR_HEIGHT, 2.5);
  context.fill();
  context.fillStyle = strong;
  const segments = model.children[span] === 0 ? wholeOf(model, span) : selfSegments(model, span);
  paintSegments(brush, segments, top);
  if (!isFailed(model, span)) return;
  context.strokeStyle = colours.bad;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(place[0] - 0.75, top + BAR_TOP - 0.75, place[1] + 1.5, BAR_HEIGHT + 1.5, 3);
  context.stroke();
}

function wholeOf({ start, duration }: TraceModel, span: number): number[] {
  return [start[span]!, start[span]! + duration[span]!];
}

/** Stretches that fall into one pixel are one: a span may have ten thousand of them. */
function paintSegments(brush: Brush, segments: readonly number[], top: number): void {
  let painted = -Infinity;
  for (let index = 0; index < segments.length; index += 2) {
    const from = segments[index]!;
    const place = stretch(brush, from, segments[index + 1]! - from);
    if (!place || place[0] + place[1] < painted + 0.5) continue;
    painted = place[0] + place[1];
    brush.context.fillRect(place[0], top + BAR_TOP, place[1], BAR_HEIGHT);
  }
}

/** Every call of a fold as a tick, so that gaps between them are seen. */
function paintFold(brush: Brush, ref: number, top: number): void {
  const { model, folds } = brush.tree;
  const fold = folds[ref]!;
  const first = fold.members[0]!;
  const { strong } = serviceColour(brush.hues[model.service[first]!] ?? 0, brush.colours.isDark);
  let painted = -Infinity;
  for (const member of fold.members) {
    const place = stretch(brush, model.start[member]!, model.duration[member]!);
    if (!place || place[0] < painted) continue;
    const width = Math.max(1, place[1] - 1);
    brush.context.fillStyle = isFailed(model, member) ? brush.colours.bad : strong;
    brush.context.fillRect(place[0], top + BAR_TOP + 1, width, BAR_HEIGHT - 2);
    painted = place[0] + width;
  }
}
