import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { oneLine } from '../format/plain-text.js';
import { change, duration, percent } from '../format/quantities.js';
import type { AlignedRow } from '../trace/align.js';
import { textOf, type TraceModel } from '../trace/trace-model.js';

const ROW_HEIGHT = 30;
const OVERSCAN = 8;
const DEEPEST_INDENT = 18;

interface ComparedRowsProps {
  readonly left: TraceModel;
  readonly right: TraceModel;
  readonly rows: readonly AlignedRow[];
}

/** Rows of two traces, both bars of each on one axis. */
export function ComparedRows({ left, right, rows }: ComparedRowsProps) {
  const place = useRef<HTMLDivElement>(null);
  const seen = useSignal({ top: 0, height: 600 });
  const measure = () => {
    const { scrollTop: top, clientHeight: height } = place.current!;
    seen.value = { top, height };
  };
  useLayoutEffect(measure, []);
  const first = Math.max(0, Math.floor(seen.value.top / ROW_HEIGHT) - OVERSCAN);
  const shown = rows.slice(first, first + Math.ceil(seen.value.height / ROW_HEIGHT) + 2 * OVERSCAN);
  return (
    <div
      ref={place}
      class="scroll compared"
      tabIndex={0}
      role="table"
      aria-label="Spans of both traces"
      aria-rowcount={rows.length}
      onScroll={measure}
    >
      <div role="rowgroup" style={{ height: `${rows.length * ROW_HEIGHT}px` }}>
        {shown.map((row, index) => (
          <Row key={first + index} row={row} left={left} right={right} at={first + index} />
        ))}
      </div>
    </div>
  );
}

function Row({
  row,
  left,
  right,
  at,
}: {
  row: AlignedRow;
  left: TraceModel;
  right: TraceModel;
  at: number;
}) {
  const whole = Math.max(1, left.detail.duration, right.detail.duration);
  const delta = row.rightTotal - row.leftTotal;
  const state = row.leftCount === 0 ? 'new' : row.rightCount === 0 ? 'gone' : 'both';
  return (
    <div
      class="compared-row"
      role="row"
      aria-rowindex={at + 1}
      data-state={state}
      style={{ transform: `translateY(${at * ROW_HEIGHT}px)` }}
    >
      <span
        role="rowheader"
        class="compared-name"
        style={{ paddingLeft: `${8 + Math.min(DEEPEST_INDENT, row.depth) * 14}px` }}
      >
        {state === 'new' && <b class="sign good">+ only in B</b>}
        {state === 'gone' && <b class="sign bad">− only in A</b>}
        <span class="compared-text" title={oneLine(nameOf(left, right, row), 300)}>
          {oneLine(nameOf(left, right, row), 120)}
        </span>
        {(row.leftCount > 1 || row.rightCount > 1) && (
          <span class="chip" data-tone="warn">
            ×{row.leftCount} → ×{row.rightCount}
          </span>
        )}
      </span>
      <span role="cell" class="compared-bars">
        <Bar side="A" model={left} span={row.left} total={row.leftTotal} whole={whole} />
        <Bar side="B" model={right} span={row.right} total={row.rightTotal} whole={whole} />
      </span>
      <span role="cell" class="compared-delta" data-tone={toneOf(delta, row)}>
        {state === 'both' ? change(delta) : duration(row.leftTotal + row.rightTotal)}
        {state === 'both' && row.leftTotal > 0 && delta !== 0 && (
          <small> {percent(Math.abs(delta) / row.leftTotal)}</small>
        )}
      </span>
    </div>
  );
}

interface BarProps {
  readonly side: 'A' | 'B';
  readonly model: TraceModel;
  readonly span: number;
  readonly total: number;
  readonly whole: number;
}

/** Several calls are drawn as one bar of what they took together. */
function Bar({ side, model, span, total, whole }: BarProps) {
  if (span < 0) return null;
  const start = model.start[span]!;
  const left = Math.min(100, (start / whole) * 100);
  return (
    <i
      data-side={side}
      title={`${side}: ${duration(total)} from ${duration(start)}`}
      style={{
        left: `${left}%`,
        width: `${Math.max(0.15, Math.min(100 - left, (total / whole) * 100))}%`,
      }}
    />
  );
}

/** Name of a row, from whichever side has it. */
export function nameOf(left: TraceModel, right: TraceModel, row: AlignedRow): string {
  const text =
    row.left >= 0 ? textOf(left, left.name[row.left]!) : textOf(right, right.name[row.right]!);
  return text || '(no name)';
}

/** A change below a tenth is noise. */
function toneOf(delta: number, { leftTotal, rightTotal }: AlignedRow): string {
  if (Math.abs(delta) < Math.max(leftTotal, rightTotal) * 0.1) return 'dim';
  return delta > 0 ? 'bad' : 'good';
}
