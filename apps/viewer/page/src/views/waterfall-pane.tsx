import { useLayoutEffect, useRef } from 'preact/hooks';
import { Splitter } from '../app/splitter.js';
import { enterRow, toggleRow } from '../app/walk.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { WaterfallView } from '../waterfall/waterfall.view.js';
import { Axis } from './axis.js';
import { Minimap } from './minimap.js';

/** The waterfall: the whole small above, then the rows. */
export function WaterfallPane({ trace }: { trace: OpenTrace }) {
  const grid = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const view = new WaterfallView(grid.current!, trace, {
      enter: (position) => enterRow(trace, position),
      toggle: (position) => toggleRow(trace, position),
    });
    return () => view.close();
  }, [trace]);
  const choose = () => {
    if (trace.selected.peek() < 0) trace.step(1);
  };
  return (
    <div class="wf">
      <Minimap trace={trace} />
      <Axis trace={trace} />
      <Splitter name="names" label="Width of the names" side="left" />
      <div
        ref={grid}
        id="rows"
        class="wf-rows"
        role="treegrid"
        aria-label="Spans"
        aria-colcount={2}
        tabIndex={0}
        onFocus={choose}
      />
    </div>
  );
}
