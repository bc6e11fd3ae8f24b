import { fitted } from '../paint/canvas.js';
import { serviceColour, type Colours } from '../paint/colours.js';
import type { TraceModel } from '../trace/trace-model.js';
import { isFailed } from './paint-rows.js';
import type { TimeWindow } from './time-window.js';

/** Paints the whole trace small, each span in its place; errors last so that none is hidden. */
export function paintMinimap(
  canvas: HTMLCanvasElement,
  model: TraceModel,
  whole: TimeWindow,
  look: { readonly colours: Colours; readonly hues: readonly number[]; readonly width: number },
  height: number,
): void {
  const context = fitted(canvas, look.width, height);
  const scale = look.width / (whole.to - whole.from);
  const step = height / Math.max(1, model.count);
  const thickness = Math.max(1, Math.min(4, step * 0.8));
  const strong = look.hues.map((hue) => serviceColour(hue, look.colours.isDark).strong);
  const failed: number[] = [];
  const paint = (span: number) => {
    const width = Math.max(1, model.duration[span]! * scale);
    context.fillRect(model.start[span]! * scale, span * step, width, thickness);
  };
  context.globalAlpha = 0.75;
  for (let span = 0; span < model.count; span++) {
    if (isFailed(model, span)) failed.push(span);
    context.fillStyle = strong[model.service[span]!] ?? look.colours.dim;
    paint(span);
  }
  context.globalAlpha = 1;
  context.fillStyle = look.colours.bad;
  for (const span of failed) paint(span);
  context.fillStyle = look.colours.band;
  context.globalAlpha = 0.7;
  for (const { start, duration } of model.detail.blocked) {
    context.fillRect(start * scale, 0, Math.max(1, duration * scale), height);
  }
}
