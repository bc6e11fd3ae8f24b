import { computed, effect } from '@preact/signals';
import { hrefOf, openTraceId, route } from '../app/navigation.js';
import { list, marked } from '../app/state.js';
import { ItemView, type ItemPlace } from './item.view.js';
import type { TraceRow } from './trace-row.js';

const ITEM_HEIGHT = 54;
const WIDE_ITEM_HEIGHT = 38;
const WIDE_FROM = 960;
const OVERSCAN = 6;

/** What the links of items depend on, so that a selection or a zoom changes none. */
const listAddress = computed(() => `${route.value.list} ${route.value.query}`);

/** What is shown of a trace: its row and where it stands. */
interface Shown {
  readonly row: TraceRow;
  readonly top: number;
}

/**
 * The items of the list, as many as are seen. A trace keeps its elements for as long as it is seen, so
 * that focus and selection stay when others arrive; the elements of one that leaves show the next.
 */
export class TraceListView {
  readonly #place: HTMLElement;
  readonly #items: HTMLElement;
  readonly #views = new Map<string, ItemView>();
  readonly #dispose: (() => void)[];
  #frame = 0;

  /** @param place scrolls, @param items is filled. */
  constructor(place: HTMLElement, items: HTMLElement) {
    this.#place = place;
    this.#items = items;
    const sizes = new ResizeObserver(() => this.#schedule());
    sizes.observe(place);
    const onScroll = () => this.#schedule();
    place.addEventListener('scroll', onScroll, { passive: true });
    this.#dispose = [
      () => sizes.disconnect(),
      () => place.removeEventListener('scroll', onScroll),
      effect(() => this.#follow()),
    ];
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    for (const dispose of this.#dispose) dispose();
  }

  /** Whatever is shown depends on these: a batch of changes paints once, in the next frame. */
  #follow(): void {
    void [list.shown.value, list.version.value, openTraceId.value, marked.value, listAddress.value];
    this.#schedule();
  }

  #schedule(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint(): void {
    const shown = list.shown.peek();
    const { clientHeight, clientWidth, scrollTop } = this.#place;
    const isWide = clientWidth >= WIDE_FROM;
    const height = isWide ? WIDE_ITEM_HEIGHT : ITEM_HEIGHT;
    this.#items.dataset['wide'] = String(isWide);
    this.#items.style.height = `${shown.length * height}px`;
    const first = Math.max(0, Math.floor(scrollTop / height) - OVERSCAN);
    const last = first + Math.ceil(clientHeight / height) + 2 * OVERSCAN;
    const wanted: Shown[] = [];
    for (const at of this.#placesOf(shown, first, last)) {
      const row = list.rows.get(shown[at]!);
      if (row) wanted.push({ row, top: at * height });
    }
    this.#show(wanted, chipRoomOf(clientWidth, isWide));
  }

  /** Places that are seen, and that of the item with the focus, wherever it is. */
  #placesOf(shown: readonly string[], first: number, last: number): number[] {
    const places: number[] = [];
    for (let at = first; at < Math.min(last, shown.length); at++) places.push(at);
    const focused = this.#focused();
    const at = focused ? shown.indexOf(focused.id) : -1;
    if (at >= 0 && at < first) places.unshift(at);
    else if (at >= last) places.push(at);
    return places;
  }

  #focused(): ItemView | undefined {
    const item = document.activeElement?.closest('.item');
    if (!item || !this.#items.contains(item)) return undefined;
    return [...this.#views.values()].find(({ element }) => element === item);
  }

  #show(wanted: readonly Shown[], chipRoom: number): void {
    const focused = this.#focused()?.id;
    const free = this.#takeUnwanted(wanted);
    const longest = wanted.reduce((most, { row }) => Math.max(most, row.duration), 1);
    // Only what shows another trace is moved: an element that is moved under a press gets no click.
    const unused = new Set<Element>(free.map(({ element }) => element));
    let next = this.#items.firstElementChild;
    for (const { row, top } of wanted) {
      const view = this.#views.get(row.id) ?? free.pop() ?? new ItemView();
      this.#views.set(row.id, view);
      view.show(row, placeOf(row.id, top, chipRoom));
      view.showShare(longest);
      unused.delete(view.element);
      while (next && unused.has(next)) next = next.nextElementSibling;
      if (view.element === next) next = next.nextElementSibling;
      else this.#items.insertBefore(view.element, next);
    }
    for (const { element } of free) element.remove();
    // An element that moves among its siblings loses the focus.
    const view = this.#views.get(focused ?? '');
    if (view && !view.element.contains(document.activeElement)) {
      view.element.querySelector('a')?.focus({ preventScroll: true });
    }
  }

  #takeUnwanted(wanted: readonly Shown[]): ItemView[] {
    const ids = new Set(wanted.map(({ row }) => row.id));
    const free: ItemView[] = [];
    for (const [id, view] of this.#views) {
      if (ids.has(id)) continue;
      this.#views.delete(id);
      free.push(view);
    }
    return free;
  }
}

/** A column of its own in a wide list; else half of the second line, and never less than one long chip. */
function chipRoomOf(width: number, isWide: boolean): number {
  return isWide ? (width - 364) / 3 : Math.max(132, (width - 112) * 0.55);
}

function placeOf(traceId: string, top: number, chipRoom: number): ItemPlace {
  return {
    top,
    chipRoom,
    href: hrefOf({ page: 'trace', traceId, spanId: '' }),
    isOpen: traceId === openTraceId.peek(),
    isMarked: traceId === marked.peek(),
  };
}
