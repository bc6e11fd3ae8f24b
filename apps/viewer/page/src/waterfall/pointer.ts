import { ROW } from '../trace/display-tree.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { barEdges } from './bar-edges.js';
import { LABEL_ROOM, isWhole, panned, zoomed, type TimeWindow } from './time-window.js';

interface Rows {
  positionAt(target: EventTarget | null): number;
  enter(position: number): void;
  toggle(position: number): void;
}

/** The details lie over the rows, not beside them: as the style has it. */
const NO_ROOM_BESIDE = '(max-width: 1100px)';

/** Follows mouse, touch and wheel over the rows; returns what ends it. */
export function followPointer(grid: HTMLElement, trace: OpenTrace, rows: Rows): () => void {
  const fingers = new Map<number, number>();
  let dragged = 0;
  const ends = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    passive = true,
  ) => grid.addEventListener(type, listener, { passive, signal: ends.signal });
  on('click', (event) => {
    if (dragged < 4) clicked(event, trace, rows);
  });
  on('dblclick', (event) => {
    const position = rows.positionAt(event.target);
    if (position >= 0 && !isTwisty(event.target)) zoomToRow(trace, position);
  });
  on('wheel', (event) => wheeled(event, grid, trace), false);
  on('pointerdown', (event) => {
    dragged = 0;
    if (isInBars(event)) fingers.set(event.pointerId, event.clientX);
  });
  on('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const moved = event.clientX - before;
    dragged += Math.abs(moved);
    if (fingers.size === 1) pan(trace, -moved / barsOf(grid).width);
    else pinch(trace, grid, fingers, event);
    fingers.set(event.pointerId, event.clientX);
  });
  for (const end of ['pointerup', 'pointercancel', 'pointerleave'] as const) {
    on(end, (event) => fingers.delete(event.pointerId));
  }
  return () => ends.abort();
}

/** Zooms so that the bar of a row fills most of the width. */
export function zoomToRow(trace: OpenTrace, position: number): void {
  const [start, end] = barEdges(trace.tree.peek(), position);
  const around = Math.max(2, (end - start) * 0.06);
  setZoom(trace, { from: Math.max(0, start - around), to: end + around });
}

/** Moves the window by a share of its width. */
export function pan(trace: OpenTrace, share: number): void {
  if (trace.zoom.peek()) setZoom(trace, panned(trace.window.peek(), trace.whole.peek(), share));
}

/** Zooms around a moment, the middle if none is given. */
export function zoom(trace: OpenTrace, factor: number, at?: number): void {
  const window = trace.window.peek();
  const around = at ?? (window.from + window.to) / 2;
  setZoom(trace, zoomed(window, trace.whole.peek(), around, factor));
}

/** Shows a stretch of time; the whole is no zoom. */
export function setZoom(trace: OpenTrace, window: TimeWindow | undefined): void {
  const whole = trace.whole.peek();
  if (!window || isWhole(window, whole)) trace.zoom.value = undefined;
  else trace.zoom.value = zoomed(window, whole, window.from, 1);
}

function clicked(event: MouseEvent, trace: OpenTrace, rows: Rows): void {
  const position = rows.positionAt(event.target);
  if (position < 0) return;
  if (isTwisty(event.target)) {
    rows.toggle(position);
    trace.select(position);
    return;
  }
  const isAgain = position === trace.selected.peek();
  trace.select(position);
  if (isAgain || (isSpan(trace, position) && matchMedia(NO_ROOM_BESIDE).matches)) {
    rows.enter(position);
  }
}

/** With Ctrl (a pinch on a pad says so too) the wheel zooms, with Shift it moves along. */
function wheeled(event: WheelEvent, grid: HTMLElement, trace: OpenTrace): void {
  const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    zoom(trace, Math.exp(event.deltaY * 0.003), momentAt(grid, trace, event.clientX));
  } else if (isSideways && trace.zoom.peek()) {
    event.preventDefault();
    pan(trace, (event.shiftKey ? event.deltaY || event.deltaX : event.deltaX) / 800);
  }
}

function pinch(
  trace: OpenTrace,
  grid: HTMLElement,
  fingers: ReadonlyMap<number, number>,
  { pointerId, clientX }: PointerEvent,
): void {
  const other = [...fingers].find(([id]) => id !== pointerId)?.[1];
  const before = fingers.get(pointerId);
  if (other === undefined || before === undefined) return;
  const factor = Math.max(8, Math.abs(before - other)) / Math.max(8, Math.abs(clientX - other));
  zoom(trace, factor, momentAt(grid, trace, (clientX + other) / 2));
}

function momentAt(grid: HTMLElement, trace: OpenTrace, clientX: number): number {
  const { left, width } = barsOf(grid);
  const { from, to } = trace.window.peek();
  const share = Math.min(1, Math.max(0, (clientX - left) / width));
  return from + (to - from) * share;
}

function barsOf(grid: HTMLElement): { left: number; width: number } {
  const { left, width } = (grid.querySelector('canvas') ?? grid).getBoundingClientRect();
  return { left, width: Math.max(1, width - LABEL_ROOM) };
}

function isInBars({ target }: PointerEvent): boolean {
  return target instanceof Element && target.closest('.wf-bar') !== null;
}

function isSpan(trace: OpenTrace, position: number): boolean {
  return trace.tree.peek().kind[position] === ROW.span;
}

function isTwisty(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.wf-twisty') !== null;
}
