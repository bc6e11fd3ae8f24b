import { fitted } from '../paint/canvas.js';
import { serviceColour, type Colours } from '../paint/colours.js';
import { isFailed, type TraceModel } from '../trace/trace-model.js';
import type { TimeWindow } from './time-window.js';

interface Look {
  readonly colours: Colours;
  readonly hues: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** What a pixel of a line shows: nothing, what failed, or from here on a service by its index. */
const EMPTY = 0;
const FAILED = 1;
const SERVICE = 2;
/** As far as a byte goes; further services are painted as the last. */
const MOST_SERVICES = 250;

/** Spans that share a line of pixels, and pixels a microsecond. */
interface Line {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

/**
 * Paints the whole trace small, each span in its place; what failed is never hidden. Spans are far
 * more than pixels, so each line is filled in memory and its stretches of one colour are painted.
 */
export function paintMinimap(
  canvas: HTMLCanvasElement,
  model: TraceModel,
  whole: TimeWindow,
  { colours, hues, width, height }: Look,
): void {
  const context = fitted(canvas, width, height);
  const strong = hues.map((hue) => serviceColour(hue, colours.isDark).strong);
  const scale = width / (whole.to - whole.from);
  const lines = Math.min(model.count, Math.floor(height));
  const step = height / Math.max(1, lines);
  const thickness = Math.max(1, Math.min(4, step * 0.8));
  const cells = new Uint8Array(Math.ceil(width));
  for (let line = 0; line < lines; line++) {
    const [from, to] = [line, line + 1].map((at) => Math.floor((at * model.count) / lines));
    fillLine(cells, model, { from: from!, to: to!, scale });
    for (const [left, right, cell] of stretchesOf(cells)) {
      context.globalAlpha = cell === FAILED ? 1 : 0.75;
      context.fillStyle = cell === FAILED ? colours.bad : (strong[cell - SERVICE] ?? colours.dim);
      context.fillRect(left, line * step, right - left, thickness);
    }
  }
  context.fillStyle = colours.band;
  context.globalAlpha = 0.7;
  for (const { start, duration } of model.detail.blocked) {
    context.fillRect(start * scale, 0, Math.max(1, duration * scale), height);
  }
}

function fillLine(cells: Uint8Array, model: TraceModel, { from, to, scale }: Line): void {
  cells.fill(EMPTY);
  const fill = (span: number, cell: number) => {
    const left = Math.floor(model.start[span]! * scale);
    const right = Math.ceil((model.start[span]! + model.duration[span]!) * scale);
    cells.fill(cell, Math.min(left, cells.length - 1), Math.max(left + 1, right));
  };
  for (let span = from; span < to; span++) {
    fill(span, SERVICE + Math.min(model.service[span]!, MOST_SERVICES));
  }
  for (let span = from; span < to; span++) if (isFailed(model, span)) fill(span, FAILED);
}

/** Stretches of one value: from, to and the value. */
function stretchesOf(cells: Uint8Array): [number, number, number][] {
  const stretches: [number, number, number][] = [];
  for (let from = 0; from < cells.length;) {
    const cell = cells[from]!;
    let to = from + 1;
    while (cells[to] === cell) to++;
    if (cell !== EMPTY) stretches.push([from, to, cell]);
    from = to;
  }
  return stretches;
}
