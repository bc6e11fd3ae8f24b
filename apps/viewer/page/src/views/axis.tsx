import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { duration } from '../format/quantities.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { LABEL_ROOM, ticksOf } from '../waterfall/time-window.js';

/** Times above the bars. */
export function Axis({ trace }: { trace: OpenTrace }) {
  const place = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(() => (width.value = place.current?.clientWidth ?? 0));
    sizes.observe(place.current!);
    return () => sizes.disconnect();
  }, []);
  const window = trace.window.value;
  const scale = Math.max(10, width.value - LABEL_ROOM);
  const ticks = ticksOf(window, Math.max(2, Math.floor(width.value / 110)));
  return (
    <div class="axis" aria-hidden="true">
      <div ref={place} class="axis-times">
        {width.value > 0 &&
          ticks.map((tick) => {
            const x = ((tick - window.from) / (window.to - window.from)) * scale;
            return (
              <span key={tick} style={{ transform: `translateX(${Math.round(x)}px)` }}>
                {duration(tick)}
              </span>
            );
          })}
      </div>
    </div>
  );
}
