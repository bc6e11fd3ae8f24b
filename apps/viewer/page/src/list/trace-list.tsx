import { computed } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { query } from '../app/navigation.js';
import { list } from '../app/state.js';
import { plural } from '../format/quantities.js';
import { EmptyList } from './empty-list.js';
import { ORDERS } from './list-order.js';
import { TraceListView } from './trace-list.view.js';

const isEmpty = computed(() => list.shown.value.length === 0);

/** The traces that match, as many of them in the page as are seen. */
export function TraceList() {
  const place = useRef<HTMLDivElement>(null);
  const isScrolled = () => place.current!.scrollTop > 4;
  useLayoutEffect(() => {
    list.isHeld.value = isScrolled() || place.current!.matches(':hover');
  }, []);
  const hold = (isUnderPointer: boolean) => {
    list.isHeld.value = isUnderPointer || isScrolled();
    if (!list.isHeld.value && !list.isPaused.value) list.release();
  };
  return (
    <div class="held" onPointerEnter={() => hold(true)} onPointerLeave={() => hold(false)}>
      <ListHead toTop={() => place.current?.scrollTo({ top: 0 })} />
      <div ref={place} class="traces" onScroll={() => hold(place.current!.matches(':hover'))}>
        {isEmpty.value ? <EmptyList isFiltered={query.value !== ''} /> : <Items place={place} />}
      </div>
    </div>
  );
}

function Items({ place }: { place: RefObject<HTMLElement | null> }) {
  const items = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    const view = new TraceListView(place.current!, items.current!);
    return () => view.close();
  }, []);
  return <ul ref={items} class="items" />;
}

function ListHead({ toTop }: { toTop(): void }) {
  const waiting = list.waiting.value;
  const shown = list.shown.value.length;
  const showNew = () => {
    toTop();
    list.release();
  };
  return (
    <div class="list-head">
      <span class="dim">{plural(shown, 'trace')}</span>
      {waiting > 0 && (
        <button type="button" class="new" onClick={showNew}>
          {waiting} new ↑
        </button>
      )}
      <label class="order">
        <span class="dim">by</span>
        <select
          aria-label="Order of the list"
          value={list.order.value}
          onChange={({ currentTarget }) => list.sortBy(ORDERS[currentTarget.selectedIndex]!)}
        >
          {ORDERS.map((order) => (
            <option key={order} value={order}>
              {order}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
