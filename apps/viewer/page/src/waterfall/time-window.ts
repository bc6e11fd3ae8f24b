/** The stretch of time that is shown, in microseconds after the start of the trace. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Pixels behind the end of the window, so that the longest bars have their label beside them. */
export const LABEL_ROOM = 64;
/** The narrowest that zooming goes to, in microseconds. */
const NARROWEST = 1;

/** Zooms by a factor around a moment, inside the whole. */
export function zoomed(
  window: TimeWindow,
  whole: TimeWindow,
  at: number,
  factor: number,
): TimeWindow {
  const span = Math.max(NARROWEST, (window.to - window.from) * factor);
  const share = (at - window.from) / Math.max(window.to - window.from, Number.MIN_VALUE);
  return clamped({ from: at - span * share, to: at + span * (1 - share) }, whole);
}

/** Moves a window by a share of its width, inside the whole. */
export function panned(window: TimeWindow, whole: TimeWindow, share: number): TimeWindow {
  const step = (window.to - window.from) * share;
  return clamped({ from: window.from + step, to: window.to + step }, whole);
}

/** A window of the same width, moved so that it lies inside the whole; the whole if it is wider. */
export function clamped({ from, to }: TimeWindow, whole: TimeWindow): TimeWindow {
  const width = Math.max(NARROWEST, to - from);
  if (width >= whole.to - whole.from) return whole;
  if (from < whole.from) return { from: whole.from, to: whole.from + width };
  if (to > whole.to) return { from: whole.to - width, to: whole.to };
  return { from, to: from + width };
}

/** Round moments inside a window, at most `count`. */
export function ticksOf({ from, to }: TimeWindow, count: number): number[] {
  const width = to - from;
  if (!(width > 0) || count < 1) return [];
  const rough = width / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough)!;
  const ticks = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push(tick);
  return ticks;
}

/** Whether the whole is shown. */
export function isWhole(window: TimeWindow, whole: TimeWindow): boolean {
  return window.from === whole.from && window.to === whole.to;
}
