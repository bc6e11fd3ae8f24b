import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { openTraceId, route } from '../app/navigation.js';
import { list } from '../app/state.js';
import { plural } from '../format/quantities.js';
import { EmptyList } from './empty-list.js';
import { ORDERS } from './list-order.js';
import { TraceItem } from './trace-item.js';

const ITEM_HEIGHT = 54;
const WIDE_ITEM_HEIGHT = 38;
const WIDE_FROM = 720;
const OVERSCAN = 6;

/** The traces that match, as many of them in the page as are seen. */
export function TraceList() {
  const place = useRef<HTMLDivElement>(null);
  const size = useSignal({ height: 0, width: 0, top: 0 });
  useLayoutEffect(() => {
    const measure = () => {
      const { clientHeight: height, clientWidth: width, scrollTop: top } = place.current!;
      size.value = { height, width, top };
      list.isHeld.value = top > 4 || place.current!.matches(':hover');
    };
    const sizes = new ResizeObserver(measure);
    sizes.observe(place.current!);
    measure();
    return () => sizes.disconnect();
  }, []);
  const hold = (isHeld: boolean) => () => {
    const isScrolled = place.current!.scrollTop > 4;
    list.isHeld.value = isHeld || isScrolled;
    if (!list.isHeld.value && !list.isPaused.value) list.release();
  };
  const onScroll = () => (size.value = { ...size.value, top: place.current!.scrollTop });
  return (
    <div class="held" onPointerEnter={hold(true)} onPointerLeave={hold(false)}>
      <ListHead toTop={() => place.current?.scrollTo({ top: 0 })} />
      <div ref={place} class="traces" onScroll={onScroll}>
        <Items {...size.value} />
      </div>
    </div>
  );
}

function Items({ height, width, top }: { height: number; width: number; top: number }) {
  const shown = list.shown.value;
  void list.version.value;
  if (shown.length === 0) return <EmptyList isFiltered={route.value.query !== ''} />;
  const isWide = width >= WIDE_FROM;
  const itemHeight = isWide ? WIDE_ITEM_HEIGHT : ITEM_HEIGHT;
  const first = Math.max(0, Math.floor(top / itemHeight) - OVERSCAN);
  const ids = shown.slice(first, first + Math.ceil(height / itemHeight) + 2 * OVERSCAN);
  const rows = ids.flatMap((id) => list.rows.get(id) ?? []);
  const longest = rows.reduce((most, { duration }) => Math.max(most, duration), 1);
  return (
    <ul class="items" data-wide={isWide} style={{ height: `${shown.length * itemHeight}px` }}>
      {rows.map((row, index) => (
        <TraceItem
          key={row.id}
          row={row}
          top={(first + index) * itemHeight}
          share={row.duration / longest}
          isOpen={row.id === openTraceId.value}
        />
      ))}
    </ul>
  );
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
