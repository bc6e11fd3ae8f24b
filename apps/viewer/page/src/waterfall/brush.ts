import type { Colours } from '../paint/colours.js';
import type { DisplayTree } from '../trace/display-tree.js';
import type { TimeWindow } from './time-window.js';

export const ROW_HEIGHT = 24;
export const BAR_TOP = 6;
export const BAR_HEIGHT = 11;
const NARROWEST_BAR = 1.5;

/** What bars are painted with. */
export interface Brush {
  readonly context: CanvasRenderingContext2D;
  readonly tree: DisplayTree;
  readonly window: TimeWindow;
  /** Pixels that the window of time takes. */
  readonly width: number;
  /** Pixels that there are: room for a label is left behind the end of the window. */
  readonly room: number;
  readonly colours: Colours;
  /** Hue of each service. */
  readonly hues: readonly number[];
}

/** Left edge and width of a stretch; undefined if none of it is in the window. */
export function stretch(
  brush: Brush,
  start: number,
  duration: number,
): [number, number] | undefined {
  const left = xOf(brush, start);
  const right = xOf(brush, start + duration);
  if (right < -2 || left > brush.room + 2) return undefined;
  const from = Math.max(-4, left);
  return [from, Math.max(NARROWEST_BAR, Math.min(brush.room + 4, right) - from)];
}

/** Pixels from the left edge of a moment. */
export function xOf({ window, width }: Pick<Brush, 'window' | 'width'>, time: number): number {
  return ((time - window.from) / (window.to - window.from)) * width;
}
