import { fitted } from '../paint/canvas.js';
import { serviceColour, type Colours } from '../paint/colours.js';
import type { Icicle } from '../trace/icicle.js';

export const FRAME_HEIGHT = 22;
/** A canvas has a limit; what is deeper is reached by clicking into it. */
const MOST_LEVELS = 300;

interface Look {
  readonly colours: Colours;
  readonly hues: readonly number[];
  readonly width: number;
  /** The frame that fills the width, -1 for all. */
  readonly root: number;
  text(frame: number): string;
}

/** Paints the frames at and below one, and the line of those above it in full width. */
export function paintIcicle(canvas: HTMLCanvasElement, icicle: Icicle, look: Look): void {
  const [from, to] = rangeOf(icicle, look.root);
  const base = look.root < 0 ? 0 : icicle.depth[look.root]!;
  const levels = Math.min(MOST_LEVELS, deepest(icicle) - base + 1);
  const context = fitted(canvas, look.width, Math.max(1, levels) * FRAME_HEIGHT);
  context.font = '12px system-ui, sans-serif';
  context.textBaseline = 'middle';
  const scale = look.width / Math.max(1e-9, to - from);
  for (let frame = Math.max(0, look.root); frame < icicle.name.length; frame++) {
    const level = icicle.depth[frame]! - base;
    const left = (icicle.offset[frame]! - from) * scale;
    const width = icicle.total[frame]! * scale;
    if (level < 0 || level >= MOST_LEVELS || width < 0.5 || left >= look.width) continue;
    if (left + width <= 0) continue;
    paintFrame(context, look, icicle, { frame, left, width, top: level * FRAME_HEIGHT });
  }
}

/** The frame under a point, -1 for none. */
export function frameAt(icicle: Icicle, root: number, share: number, level: number): number {
  const [from, to] = rangeOf(icicle, root);
  const at = from + (to - from) * share;
  const depth = level + (root < 0 ? 0 : icicle.depth[root]!);
  return icicle.depth.findIndex((each, frame) => {
    if (each !== depth || frame < root) return false;
    const start = icicle.offset[frame]!;
    return at >= start && at < start + icicle.total[frame]!;
  });
}

interface PaintedFrame {
  readonly frame: number;
  readonly left: number;
  readonly width: number;
  readonly top: number;
}

function paintFrame(
  context: CanvasRenderingContext2D,
  look: Look,
  icicle: Icicle,
  { frame, left, width, top }: PaintedFrame,
): void {
  const { faint } = serviceColour(look.hues[icicle.service[frame]!] ?? 0, look.colours.isDark);
  context.fillStyle = faint;
  context.fillRect(left, top, Math.max(1, width - 1), FRAME_HEIGHT - 1);
  if (width < 28) return;
  const room = Math.floor((width - 10) / 6.4);
  const times = icicle.count[frame]! > 1 ? ` ×${icicle.count[frame]}` : '';
  const text = `${look.text(frame)}${times}`;
  context.fillStyle = look.colours.ink;
  const shown = text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text;
  context.fillText(shown, Math.max(0, left) + 5, top + FRAME_HEIGHT / 2);
}

function rangeOf(icicle: Icicle, root: number): [number, number] {
  if (root >= 0) return [icicle.offset[root]!, icicle.offset[root]! + icicle.total[root]!];
  let whole = 0;
  for (const self of icicle.self) whole += self;
  return [0, Math.max(1e-9, whole)];
}

function deepest({ depth }: Icicle): number {
  let most = 0;
  for (const each of depth) most = Math.max(most, each);
  return most;
}
