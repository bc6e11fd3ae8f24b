import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../api/client.js';
import { BackToList } from '../app/back-to-list.js';
import { goTo, hrefOf, route } from '../app/navigation.js';
import { oneLine } from '../format/plain-text.js';
import { change, clock, duration, plural, slower } from '../format/quantities.js';
import { align, isChangedShape, topChanges, type AlignedRow } from '../trace/align.js';
import { modelOf, type TraceModel } from '../trace/trace-model.js';
import { ComparedRows, nameOf } from './compared-rows.js';

interface Pair {
  readonly left: TraceModel;
  readonly right: TraceModel;
  readonly rows: readonly AlignedRow[];
}

/** Two traces on one axis: what is new, what is gone, what is slower. */
export function ComparePage() {
  const { place } = route.value;
  const pair = useSignal<Pair | undefined>(undefined);
  const fault = useSignal('');
  const isChangesOnly = useSignal(false);
  const [one, other] = place.page === 'compare' ? [place.left, place.right] : ['', ''];
  useEffect(() => {
    const ends = new AbortController();
    pair.value = undefined;
    fault.value = '';
    Promise.all([api.trace(one, ends.signal), api.trace(other, ends.signal)]).then(
      ([left, right]) => (pair.value = pairOf(modelOf(left), modelOf(right))),
      (error: unknown) => {
        if (!ends.signal.aborted)
          fault.value = error instanceof Error ? error.message : String(error);
      },
    );
    return () => ends.abort();
  }, [one, other]);
  const found = pair.value;
  if (!found) {
    return (
      <main class="middle">
        <p class="empty dim" role={fault.value === '' ? undefined : 'alert'}>
          {fault.value || 'Reading …'}
        </p>
      </main>
    );
  }
  const rows = isChangesOnly.value ? found.rows.filter(isChanged) : found.rows;
  return (
    <main class="middle" aria-label="Two traces compared">
      <Sides {...found} swap={() => goTo({ page: 'compare', left: other, right: one })} />
      <Explanation {...found} />
      <div class="toolbar">
        <button
          type="button"
          class="chip-button"
          aria-pressed={isChangesOnly.value}
          onClick={() => (isChangesOnly.value = !isChangesOnly.value)}
        >
          Changes only
        </button>
        <span class="dim">{plural(rows.length, 'row')}</span>
      </div>
      {rows.length === 0 && (
        <p class="explanation">No row differs in how often it ran, or by a tenth of its time.</p>
      )}
      <ComparedRows left={found.left} right={found.right} rows={rows} />
    </main>
  );
}

function pairOf(left: TraceModel, right: TraceModel): Pair {
  return { left, right, rows: align(left, right) };
}

function isChanged(row: AlignedRow): boolean {
  const whole = Math.max(row.leftTotal, row.rightTotal);
  return isChangedShape(row) || Math.abs(row.rightTotal - row.leftTotal) > whole * 0.1;
}

function Sides({ left, right, swap }: Pair & { swap(): void }) {
  return (
    <header class="trace-head compare-head">
      <BackToList />
      <Side name="A" model={left} />
      <Side name="B" model={right} />
      <Delta before={left.detail.duration} after={right.detail.duration} />
      <button type="button" class="button" onClick={swap}>
        Swap
      </button>
    </header>
  );
}

function Delta({ before, after }: { before: number; after: number }) {
  const words = slower(before, after);
  if (words === '') return <p class="delta">same duration</p>;
  return (
    <p class="delta" data-tone={after > before ? 'bad' : 'good'}>
      <b>{change(after - before)}</b> {words}
    </p>
  );
}

function Side({ name, model }: { name: string; model: TraceModel }) {
  const { detail, count } = model;
  const title = oneLine(detail.route || detail.name, 100);
  return (
    <a
      class="side"
      data-side={name}
      href={hrefOf({ page: 'trace', traceId: detail.traceId, spanId: '' })}
    >
      <b class="side-name">{name}</b>
      <span>
        <span title={title}>{title}</span>
        <small class="dim">
          {duration(detail.duration)}, {plural(count, 'span')}, {clock(detail.start)}
        </small>
      </span>
    </a>
  );
}

/** What the difference comes from: the rows whose own time changed most. */
function Explanation({ left, right, rows }: Pair) {
  const top = topChanges(rows, 5);
  if (top.length === 0) {
    const isSame = left.detail.duration === right.detail.duration && !rows.some(isChanged);
    return (
      <p class="explanation">
        {isSame
          ? 'No difference: the same spans, each as long.'
          : 'The same spans took as long by themselves: they only ran at other times.'}
      </p>
    );
  }
  return (
    <ul class="explanation" aria-label="What explains the difference">
      {top.map((row) => (
        <li key={`${row.left} ${row.right}`}>
          <b>{oneLine(nameOf(left, right, row), 60)}</b>{' '}
          {row.leftCount === row.rightCount ? change(row.rightSelf - row.leftSelf) : shapeOf(row)}
        </li>
      ))}
    </ul>
  );
}

function shapeOf({ leftCount, rightCount, leftSelf, rightSelf }: AlignedRow): string {
  return `×${leftCount} → ×${rightCount} (${change(rightSelf - leftSelf)})`;
}
