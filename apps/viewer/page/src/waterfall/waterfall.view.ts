import { effect } from '@preact/signals';
import { element } from '../app/dom.js';
import { widths } from '../app/splitter.js';
import { fitted } from '../paint/canvas.js';
import { colours, huesOf } from '../paint/colours.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { rowText } from '../trace/row-text.js';
import { rowOf } from '../trace/visible-rows.js';
import { paintAborts, paintBlocked, paintCurves, paintGrid } from './paint-across.js';
import { ROW_HEIGHT, type Brush } from './brush.js';
import { paintRow, paintSelected } from './paint-rows.js';
import { followPointer } from './pointer.js';
import { LABEL_ROOM } from './time-window.js';
import { rowPlace } from './row-place.js';
import { RowPool } from './row-pool.js';

/** Rows beyond the edge that are there before they are scrolled to. */
const OVERSCAN = 8;
/** Whatever the height of the window. */
const MOST_ROWS = 96;

/** What a reader does to rows that concerns more than the waterfall. */
export interface WaterfallActions {
  /** A row was opened by Enter or a double click. */
  enter(position: number): void;
  /** A row is to be opened or closed. */
  toggle(position: number): void;
}

/**
 * The rows of a trace: real text in a few elements that are used again and again, and one canvas with
 * the bars behind them, which moves along so that text and bars never part while scrolling.
 */
export class WaterfallView {
  readonly #trace: OpenTrace;
  readonly #grid: HTMLElement;
  readonly #content = element('div', 'wf-content');
  readonly #canvas = element('canvas', 'wf-canvas');
  readonly #pool: RowPool;
  readonly #dispose: (() => void)[] = [];
  #frame = 0;
  #followed = '';
  #isToFollow = false;
  /** Width and height that were painted last. */
  #size = '';

  constructor(grid: HTMLElement, trace: OpenTrace, actions: WaterfallActions) {
    this.#grid = grid;
    this.#trace = trace;
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#content.append(this.#canvas);
    this.#pool = new RowPool(this.#content);
    grid.replaceChildren(this.#content);
    const sizes = new ResizeObserver(() => this.#resized());
    sizes.observe(grid);
    const onScroll = () => this.#scrolled();
    grid.addEventListener('scroll', onScroll, { passive: true });
    this.#dispose.push(
      () => sizes.disconnect(),
      () => grid.removeEventListener('scroll', onScroll),
      followPointer(grid, trace, {
        ...actions,
        positionAt: (target) => this.#pool.positionAt(target),
      }),
      effect(() => this.#follow()),
    );
    this.#content.style.height = `${trace.rows.peek().length * ROW_HEIGHT}px`;
    if (trace.scrollTop > 0) grid.scrollTop = trace.scrollTop;
    // In the frame that shows the rest of the page, not in the one after.
    cancelAnimationFrame(this.#frame);
    this.#paint();
  }

  /** Rows that fit into the window. */
  get page(): number {
    return Math.max(1, Math.floor(this.#grid.clientHeight / ROW_HEIGHT) - 1);
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    for (const dispose of this.#dispose) dispose();
  }

  /** Its first call is for what is painted already, in the frame before. */
  #resized(): void {
    const { clientWidth, clientHeight } = this.#grid;
    if (`${clientWidth} ${clientHeight}` !== this.#size) this.#schedule();
  }

  #scrolled(): void {
    this.#trace.scrollTop = this.#grid.scrollTop;
    this.#schedule();
  }

  /** Whatever is shown depends on these: each change paints once, in the next frame. */
  #follow(): void {
    const trace = this.#trace;
    void [
      trace.rows.value,
      trace.window.value,
      trace.matches.value,
      trace.open.value,
      colours.value,
      widths.value,
    ];
    const key = trace.selectedKey.value;
    this.#isToFollow ||= key !== this.#followed;
    this.#followed = key;
    this.#schedule();
  }

  #scrollTo(position: number): void {
    const rows = this.#trace.rows.peek();
    if (position < 0 || rows.length === 0) return;
    const top = rowOf(rows, position) * ROW_HEIGHT;
    const { scrollTop, clientHeight } = this.#grid;
    if (top >= scrollTop && top + ROW_HEIGHT <= scrollTop + clientHeight) return;
    const isNear = Math.abs(top - scrollTop) < clientHeight * 1.2;
    if (!isNear) this.#grid.scrollTop = top - clientHeight / 3;
    else if (top < scrollTop) this.#grid.scrollTop = top;
    else this.#grid.scrollTop = top + ROW_HEIGHT - clientHeight;
  }

  #schedule(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    const rows = this.#trace.rows.peek();
    this.#content.style.height = `${rows.length * ROW_HEIGHT}px`;
    if (this.#isToFollow) this.#scrollTo(this.#trace.selected.peek());
    this.#isToFollow = false;
    const { clientWidth, clientHeight, scrollTop } = this.#grid;
    this.#size = `${clientWidth} ${clientHeight}`;
    this.#grid.setAttribute('aria-rowcount', String(rows.length));
    const first = Math.max(0, Math.floor(scrollTop / ROW_HEIGHT) - OVERSCAN);
    const wanted = Math.ceil(clientHeight / ROW_HEIGHT) + 2 * OVERSCAN;
    const count = Math.max(0, Math.min(MOST_ROWS, wanted, rows.length - first));
    this.#paintBars(rows, first, count);
  }

  #paintBars(rows: Int32Array, first: number, count: number): void {
    const trace = this.#trace;
    const names = this.#pool.namesWidth;
    const width = Math.max(10, this.#content.clientWidth - names);
    const height = count * ROW_HEIGHT;
    const { services } = trace.model.peek().detail;
    const brush: Brush = {
      context: fitted(this.#canvas, width, Math.max(1, height)),
      tree: trace.tree.peek(),
      window: trace.window.peek(),
      width: Math.max(10, width - LABEL_ROOM),
      room: width,
      colours: colours.peek(),
      hues: huesOf(services),
    };
    this.#canvas.style.transform = `translate(${names}px, ${first * ROW_HEIGHT}px)`;
    const stretch = { rows, first, count };
    paintGrid(brush, height, Math.max(2, Math.floor(width / 110)));
    paintBlocked(brush, height);
    const selected = trace.selected.peek();
    for (let row = 0; row < count; row++) {
      const position = rows[first + row]!;
      if (position === selected) paintSelected(brush, row * ROW_HEIGHT);
      paintRow(brush, position, row * ROW_HEIGHT);
    }
    paintAborts(brush, stretch);
    paintCurves(brush, stretch, height);
    this.#showRows(brush, rows, first, count);
  }

  #showRows(brush: Brush, rows: Int32Array, first: number, count: number): void {
    const matches = this.#trace.matchSet.peek();
    let active = '';
    for (const [row, view] of this.#pool.take(first, count)) {
      const position = rows[row]!;
      const text = rowText(brush.tree, position);
      const place = rowPlace(this.#trace, brush, { row, position, text, matches });
      view.show(text, place, row * ROW_HEIGHT);
      if (place.isSelected) active = view.element.id;
    }
    if (active === '') this.#grid.removeAttribute('aria-activedescendant');
    else this.#grid.setAttribute('aria-activedescendant', active);
  }
}
