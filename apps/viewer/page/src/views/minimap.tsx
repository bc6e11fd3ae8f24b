import { useSignal, useSignalEffect } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { colours, huesOf } from '../paint/colours.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { paintMinimap } from '../waterfall/minimap.js';
import { setZoom } from '../waterfall/pointer.js';

const HEIGHT = 44;

/** The whole trace small; a drag over it zooms to a stretch, a double click shows the whole. */
export function Minimap({ trace }: { trace: OpenTrace }) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useSignal(0);
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(() => (width.value = place.current?.clientWidth ?? 0));
    sizes.observe(place.current!);
    return () => sizes.disconnect();
  }, []);
  useSignalEffect(() => {
    const model = trace.model.value;
    const look = {
      colours: colours.value,
      hues: huesOf(model.detail.services),
      width: width.value,
      height: HEIGHT,
    };
    if (canvas.current && width.value > 0)
      paintMinimap(canvas.current, model, trace.whole.value, look);
  });
  return (
    <div class="minimap-line">
      <div
        ref={place}
        class="minimap"
        style={{ height: `${HEIGHT}px` }}
        onPointerDown={(event) => brush(trace, event)}
        onDblClick={() => setZoom(trace, undefined)}
      >
        <canvas ref={canvas} aria-hidden="true" />
        <Shades trace={trace} />
      </div>
    </div>
  );
}

/** What lies outside of the window is in the shade. */
function Shades({ trace }: { trace: OpenTrace }) {
  const { from, to } = trace.window.value;
  const whole = trace.whole.value.to;
  if (!trace.zoom.value) return null;
  return (
    <>
      <i class="shade" style={{ left: '0', width: `${(from / whole) * 100}%` }} />
      <i class="shade" style={{ left: `${(to / whole) * 100}%`, right: '0' }} />
    </>
  );
}

function brush(trace: OpenTrace, event: PointerEvent): void {
  const place = event.currentTarget as HTMLElement;
  const { left, width } = place.getBoundingClientRect();
  const whole = trace.whole.peek().to;
  const timeAt = (x: number) => Math.min(1, Math.max(0, (x - left) / width)) * whole;
  const from = event.clientX;
  place.setPointerCapture(event.pointerId);
  place.onpointermove = ({ clientX }) => {
    if (Math.abs(clientX - from) < 4) return;
    const [one, other] = [timeAt(from), timeAt(clientX)];
    setZoom(trace, { from: Math.min(one, other), to: Math.max(one, other) });
  };
  place.onpointerup = () => (place.onpointermove = null);
}
