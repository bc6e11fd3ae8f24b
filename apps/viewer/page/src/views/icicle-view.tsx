import { useSignal, useSignalEffect } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { oneLine } from '../format/plain-text.js';
import { duration, percent, plural } from '../format/quantities.js';
import { colours, huesOf } from '../paint/colours.js';
import { icicleOf, type Icicle } from '../trace/icicle.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { textOf } from '../trace/trace-model.js';
import { FRAME_HEIGHT, frameAt, paintIcicle } from './paint-icicle.js';

/** The trace merged by path: a frame is as wide as the time it and what it called worked. */
export function IcicleView({ trace }: { trace: OpenTrace }) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useSignal(0);
  const root = useSignal(-1);
  const over = useSignal(-1);
  const model = trace.model.value;
  const icicle = useSignal<Icicle>(icicleOf(model));
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(() => (width.value = place.current?.clientWidth ?? 0));
    sizes.observe(place.current!);
    return () => sizes.disconnect();
  }, []);
  useSignalEffect(() => void (icicle.value = icicleOf(trace.model.value)));
  useSignalEffect(() => {
    const hues = huesOf(trace.model.value.detail.services);
    const text = (frame: number) => textOf(trace.model.value, icicle.value.name[frame]!);
    const look = { colours: colours.value, hues, width: width.value, root: root.value, text };
    if (canvas.current && width.value > 0) paintIcicle(canvas.current, icicle.value, look);
  });
  const pick = ({ offsetX, offsetY }: MouseEvent) =>
    frameAt(
      icicle.value,
      root.value,
      offsetX / Math.max(1, width.value),
      Math.floor(offsetY / FRAME_HEIGHT),
    );
  const click = (event: MouseEvent) => {
    const frame = pick(event);
    if (frame < 0) return;
    root.value = frame === root.value ? icicle.value.parent[frame]! : frame;
    trace.reveal(icicle.value.first[frame]!);
  };
  return (
    <div class="icicle">
      <IcicleLine trace={trace} icicle={icicle.value} frame={over.value} />
      {root.value >= 0 && (
        <button type="button" class="chip-button" onClick={() => (root.value = -1)}>
          Show all
        </button>
      )}
      <div ref={place} class="scroll">
        <canvas
          ref={canvas}
          role="img"
          aria-label="Icicle of the trace; the table view has the same figures as text"
          onClick={click}
          onMouseMove={(event) => (over.value = pick(event))}
          onMouseLeave={() => (over.value = -1)}
        />
      </div>
    </div>
  );
}

function IcicleLine({ trace, icicle, frame }: { trace: OpenTrace; icicle: Icicle; frame: number }) {
  if (frame < 0 || frame >= icicle.name.length) {
    return (
      <p class="icicle-line dim">
        Widths are working time. Click a frame to fill the width with it.
      </p>
    );
  }
  const whole = Math.max(
    1,
    icicle.self.reduce((sum, self) => sum + self, 0),
  );
  return (
    <p class="icicle-line">
      <b>{oneLine(textOf(trace.model.value, icicle.name[frame]!), 120)}</b>{' '}
      {plural(icicle.count[frame]!, 'span')}, {duration(icicle.total[frame]!)} (
      {percent(icicle.total[frame]! / whole)}), self {duration(icicle.self[frame]!)}
    </p>
  );
}
