import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { oneLine } from '../format/plain-text.js';
import { duration } from '../format/quantities.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { spanTitle } from '../trace/row-text.js';
import { textOf } from '../trace/trace-model.js';

const LINE_HEIGHT = 24;
const OVERSCAN = 10;

/** Every log line of the trace in the order of time; a line leads to its span. */
export function LogLines({ trace }: { trace: OpenTrace }) {
  if (trace.model.value.detail.logs.span.length > 0) return <Lines trace={trace} />;
  return (
    <p class="empty dim">
      No log line of this trace arrived. A pino line with its trace id, or OTLP logs, stand here.
    </p>
  );
}

function Lines({ trace }: { trace: OpenTrace }) {
  const place = useRef<HTMLDivElement>(null);
  const seen = useSignal({ top: 0, height: 0 });
  const model = trace.model.value;
  const { logs } = model.detail;
  const measure = () => {
    const { scrollTop: top, clientHeight: height } = place.current!;
    seen.value = { top, height };
  };
  useLayoutEffect(measure, []);
  const first = Math.max(0, Math.floor(seen.value.top / LINE_HEIGHT) - OVERSCAN);
  const last = Math.min(
    logs.span.length,
    first + Math.ceil(seen.value.height / LINE_HEIGHT) + 2 * OVERSCAN,
  );
  const lines = Array.from({ length: last - first }, (_, index) => first + index);
  return (
    <div
      ref={place}
      class="scroll"
      tabIndex={0}
      role="region"
      aria-label="Log lines"
      onScroll={measure}
    >
      <ol class="log-lines" style={{ height: `${logs.span.length * LINE_HEIGHT}px` }}>
        {lines.map((line) => {
          const span = logs.span[line]!;
          const severity = textOf(model, logs.severity[line]!);
          return (
            <li key={line} style={{ transform: `translateY(${line * LINE_HEIGHT}px)` }}>
              <time>{duration(logs.time[line]!)}</time>
              <b data-severity={severity.slice(0, 4).toLowerCase()}>{oneLine(severity, 10)}</b>
              <span class="log-message">{oneLine(textOf(model, logs.message[line]!), 500)}</span>
              {span >= 0 ? (
                <button type="button" class="link" onClick={() => trace.reveal(span)}>
                  {spanTitle(model, span).slice(0, 60)}
                </button>
              ) : (
                <span class="dim">of an unknown span</span>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
