import { VIEWS, type View } from '../app/route.js';
import { amend, route } from '../app/navigation.js';
import { showAlone } from '../app/together.js';
import { count } from '../format/quantities.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { setZoom } from '../waterfall/pointer.js';

const NAMES: Record<View, string> = {
  waterfall: 'Waterfall',
  icicle: 'Icicle',
  table: 'Table',
  logs: 'Logs',
};

/** Which view, and what of it is shown. */
export function Toolbar({ trace }: { trace: OpenTrace }) {
  const { view } = route.value;
  const logs = trace.model.value.detail.logs.span.length;
  return (
    <div class="toolbar">
      <div class="tabs" role="group" aria-label="Views">
        {VIEWS.map((each) => (
          <button
            key={each}
            type="button"
            class="tab"
            aria-pressed={each === view}
            onClick={() => amend({ view: each })}
          >
            {NAMES[each]}
            {each === 'logs' && logs > 0 && <small> {count(logs)}</small>}
          </button>
        ))}
      </div>
      {view === 'waterfall' && <Toggles trace={trace} />}
    </div>
  );
}

function Toggles({ trace }: { trace: OpenTrace }) {
  const options = trace.options.value;
  const { path, pathFailure } = trace.model.value.detail;
  const hasPath = path.span.length > 0;
  const set = (change: Partial<typeof options>) => () =>
    (trace.options.value = { ...options, ...change });
  const toggle = (name: string, isOn: boolean, title: string, flip: () => void, isOff = false) => (
    <button
      type="button"
      class="chip-button"
      aria-pressed={isOn}
      title={title}
      disabled={isOff}
      onClick={flip}
    >
      {name}
    </button>
  );
  const pathTitle = hasPath
    ? 'The spans that decided how long it took (x)'
    : `No critical path: ${pathFailure ?? 'the trace has no root'}`;
  return (
    <div class="quick" role="group" aria-label="Rows">
      {toggle(
        'Log lines',
        options.withLogs,
        'Log lines between the spans (l)',
        set({ withLogs: !options.withLogs }),
      )}
      {toggle(
        'Fold repeats',
        options.withFolds,
        'Siblings that do the same in one row (r)',
        set({ withFolds: !options.withFolds }),
      )}
      {toggle(
        'Critical path',
        trace.isPathOnly.value,
        pathTitle,
        () => (trace.isPathOnly.value = !trace.isPathOnly.value),
        !hasPath,
      )}
      {route.value.together.length > 0 &&
        toggle('Together', true, 'Show this trace alone again', showAlone)}
      {trace.focusId.value !== '' &&
        toggle('Subtree only', true, 'Show all again (z)', () => trace.toggleFocus())}
      {trace.zoom.value &&
        toggle('Zoomed', true, 'Show the whole (w)', () => setZoom(trace, undefined))}
      {!hasPath && pathFailure !== undefined && <span class="dim">{pathFailure}</span>}
    </div>
  );
}
