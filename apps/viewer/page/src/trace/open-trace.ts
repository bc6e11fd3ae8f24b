import { batch, computed, signal } from '@preact/signals';
import type { TraceDetail } from '../../../src/wire/trace-detail.interface.js';
import type { TimeWindow } from '../waterfall/time-window.js';
import { ROW, displayTreeOf, type DisplayOptions } from './display-tree.js';
import { findSpans, nextOf } from './find.js';
import { joinTraces } from './join-traces.js';
import { modelOf, spanIdOf, spanWithId, type TraceModel } from './trace-model.js';
import * as visible from './visible-rows.js';

/** One trace that is open, with what its reader has folded, zoomed, searched and selected. */
export class OpenTrace {
  /** Other traces that are shown on its axis of time, below the links that lead to them. */
  readonly others = signal<readonly TraceDetail[]>([]);
  readonly model;
  readonly options = signal<DisplayOptions>({ withFolds: true, withLogs: true, withLinks: true });
  readonly open = signal<visible.OpenState>({ closed: new Set(), opened: new Set() });
  readonly isPathOnly = signal(false);
  /** Id of the span whose subtree alone is shown, or empty. */
  readonly focusId = signal('');
  readonly selectedKey = signal('');
  readonly words = signal('');
  readonly zoom = signal<TimeWindow | undefined>(undefined);
  /** Where the rows were scrolled to, for whoever comes back. */
  scrollTop = 0;
  readonly #detail;

  readonly tree = computed(() => displayTreeOf(this.model.value, this.options.value));
  readonly whole = computed(() => wholeOf(this.model.value));
  readonly window = computed(() => this.zoom.value ?? this.whole.value);
  readonly matches = computed(() => findSpans(this.model.value, this.words.value));
  readonly matchSet = computed(() => new Set(this.matches.value));
  readonly rows = computed(() => this.#rows());
  /** Position of the selected row in the tree, -1 for none. */
  readonly selected = computed(() => this.#positionOf(this.selectedKey.value));
  /** The span that is selected, or the one that the selected row belongs to; -1 for none. */
  readonly selectedSpan = computed(() => this.spanAt(this.selected.value));

  constructor(
    detail: TraceDetail,
    /** Of the state that it is in, as the server tags it. */
    public tag?: string,
  ) {
    this.#detail = signal(detail);
    this.model = computed(() => {
      const joined = joinTraces(this.#detail.value, this.others.value);
      return modelOf(joined.detail, joined.parts);
    });
  }

  /** Takes a newer state of the same trace; what is folded and selected stays. */
  refresh(detail: TraceDetail, tag?: string): void {
    this.tag = tag;
    this.#detail.value = detail;
  }

  /** The span that a row belongs to, -1 for none. */
  spanAt(position: number): number {
    const { kind, ref, folds, model } = this.tree.value;
    if (position < 0) return -1;
    const at = ref[position]!;
    if (kind[position] === ROW.span) return at;
    if (kind[position] === ROW.fold) return folds[at]!.members[0]!;
    const { logs, links } = model.detail;
    return (kind[position] === ROW.log ? logs.span[at] : links.span[at]) ?? -1;
  }

  /** Selects a row. */
  select(position: number): void {
    this.selectedKey.value = position < 0 ? '' : visible.rowKey(this.tree.peek(), position);
  }

  /** Selects a span and makes it visible. */
  reveal(span: number): void {
    const position = this.tree.peek().positionOfSpan[span] ?? -1;
    if (position < 0) return;
    batch(() => {
      if (!this.#isKept(position)) {
        this.isPathOnly.value = false;
        this.focusId.value = '';
      }
      this.open.value = visible.opened(this.tree.peek(), this.open.peek(), position);
      this.select(position);
    });
  }

  /** Moves the selection by rows, within what is visible. */
  step(by: number): void {
    const rows = this.rows.peek();
    const selected = this.selected.peek();
    const row = selected < 0 ? (by > 0 ? -1 : rows.length) : visible.rowOf(rows, selected);
    const next = Math.min(rows.length - 1, Math.max(0, row + by));
    if (rows.length > 0) this.select(rows[next]!);
  }

  /** Opens or closes a row. */
  toggle(position: number): void {
    this.open.value = visible.toggled(this.tree.peek(), this.open.peek(), position);
  }

  isClosed(position: number): boolean {
    return visible.isClosed(this.tree.peek(), this.open.peek(), position);
  }

  /** Closes every span at a depth; 9 and more opens all. */
  closeAtDepth(depth: number): void {
    const limit = depth >= 9 ? Number.MAX_SAFE_INTEGER : depth;
    this.open.value = visible.closedAtDepth(this.model.peek(), limit, this.open.peek());
  }

  /** Selects the next of some spans, or the one before. */
  revealNext(spans: readonly number[], step: 1 | -1): void {
    const next = nextOf(spans, this.selectedSpan.peek(), step);
    if (next >= 0) this.reveal(next);
  }

  /** Shows one subtree alone, or all again. */
  toggleFocus(): void {
    const span = this.selectedSpan.peek();
    const id = span < 0 ? '' : spanIdOf(this.model.peek(), span);
    this.focusId.value = this.focusId.peek() === '' ? id : '';
  }

  #rows(): Int32Array {
    const tree = this.tree.value;
    const position = tree.positionOfSpan[spanWithId(tree.model, this.focusId.value)] ?? -1;
    const [from, to] = position < 0 ? [0, tree.kind.length] : [position, tree.end[position]!];
    const keep = this.#kept();
    return visible.visibleRows(tree, this.open.value, keep, from, to);
  }

  #kept(): Uint8Array | undefined {
    if (!this.isPathOnly.value) return undefined;
    return visible.withAncestors(this.tree.value, this.model.value.detail.path.span);
  }

  #isKept(position: number): boolean {
    const tree = this.tree.peek();
    const focus = tree.positionOfSpan[spanWithId(tree.model, this.focusId.peek())] ?? -1;
    const isInside = focus < 0 || (position >= focus && position < tree.end[focus]!);
    return isInside && this.#kept()?.[position] !== 0;
  }

  #positionOf(key: string): number {
    const tree = this.tree.value;
    if (key === '') return -1;
    const [id, isFold] = key.startsWith('×') ? [key.slice(1), true] : [key, false];
    const position = tree.positionOfSpan[spanWithId(tree.model, id)] ?? -1;
    if (position >= 0) return isFold ? tree.parent[position]! : position;
    const [kind, ref] = key.split(':').map(Number);
    return tree.kind.findIndex((each, at) => each === kind && tree.ref[at] === ref);
  }
}

/**
 * The time to show: the trace, what it is shown with, and other detached work it started as far as that
 * is no longer than itself.
 */
function wholeOf({ detail, ownCount, ...model }: TraceModel): TimeWindow {
  const { duration, links } = detail;
  let to = Math.max(1, duration);
  for (let span = ownCount; span < model.count; span++) {
    to = Math.max(to, model.start[span]! + model.duration[span]!);
  }
  for (const [index, kind] of links.kind.entries()) {
    const start = links.start[index];
    if (kind !== 'started' || typeof start !== 'number') continue;
    to = Math.max(to, Math.min(duration * 2, start + (links.duration[index] ?? 0)));
  }
  return { from: 0, to };
}
