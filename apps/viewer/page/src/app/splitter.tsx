import { signal } from '@preact/signals';
import { remember, remembered } from './theme.js';

type Pane = 'list' | 'details' | 'names';

const KEY = 'nestjs-tracing-viewer:widths';
/** Pixels, and for the names of rows a share of the rows in percent, 0 for what the style says. */
const RANGE: Record<Pane, readonly [number, number]> = {
  list: [220, 620],
  details: [260, 760],
  names: [15, 85],
};
const DEFAULT: Record<Pane, number> = { list: 290, details: 330, names: 0 };

/** Widths of the panes, kept for the next visit. */
export const widths = signal<Record<Pane, number>>(readWidths());

interface SplitterProps {
  readonly name: Pane;
  readonly label: string;
  /** Which side of the line the pane is on. */
  readonly side: 'left' | 'right';
}

/** A line that is dragged, or moved by arrows, to give a pane more room. */
export function Splitter({ name, label, side }: SplitterProps) {
  const sign = side === 'left' ? 1 : -1;
  const move = (line: HTMLElement, from: number, pixels: number) =>
    setWidth(name, from + sign * pixels * (name === 'names' ? 100 / roomOf(line) : 1));
  const drag = (event: PointerEvent) => {
    const line = event.currentTarget as HTMLElement;
    const [from, before] = [event.clientX, currentWidth(name, line)];
    line.setPointerCapture(event.pointerId);
    line.onpointermove = (moved) => move(line, before, moved.clientX - from);
    line.onpointerup = () => (line.onpointermove = null);
  };
  const nudge = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -24, ArrowRight: 24 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const line = event.currentTarget as HTMLElement;
    move(line, currentWidth(name, line), step);
  };
  const [least, most] = RANGE[name];
  return (
    <div
      class={`splitter splitter-${name}`}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={widths.value[name] || least}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={nudge}
      onDblClick={() => setWidth(name, DEFAULT[name])}
    />
  );
}

function currentWidth(name: Pane, line: HTMLElement): number {
  return widths.peek()[name] || (line.offsetLeft / roomOf(line)) * 100;
}

function roomOf(line: HTMLElement): number {
  return Math.max(1, line.parentElement?.clientWidth ?? 1);
}

function setWidth(name: Pane, width: number): void {
  const [least, most] = RANGE[name];
  const clamped =
    width === DEFAULT[name] ? width : Math.round(Math.min(most, Math.max(least, width)));
  widths.value = { ...widths.peek(), [name]: clamped };
  const { list, details, names } = widths.peek();
  remember(KEY, `${list},${details},${names}`);
}

function readWidths(): Record<Pane, number> {
  const [list, details, names] = (remembered(KEY) ?? '').split(',').map(Number);
  const valid = (name: Pane, width = NaN) =>
    width >= RANGE[name][0] && width <= RANGE[name][1] ? width : DEFAULT[name];
  return {
    list: valid('list', list),
    details: valid('details', details),
    names: valid('names', names),
  };
}
