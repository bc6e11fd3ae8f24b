import { count, plural } from '../format/quantities.js';
import { ClearButton } from './clear-button.js';
import { Icon } from './icon.js';
import { importFiles } from './import-files.js';
import { goTo, route } from './navigation.js';
import { isHelpShown, list } from './state.js';
import { nextTheme, theme } from './theme.js';

const STATES = {
  loading: 'Connecting …',
  live: 'Live',
  lost: 'No answer, trying again …',
} as const;

/** As the style has it. */
const NO_LIST_BESIDE = '(max-width: 760px)';

/** Name of the page, its places, the state of the stream and what concerns all traces. */
export function TopBar() {
  return (
    <header class="top">
      <a class="brand" href="#/" aria-label="Traces, all of them">
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
          <rect x="2" y="3" width="14" height="3.4" rx="1.4" class="brand-1" />
          <rect x="5" y="8.3" width="8" height="3.4" rx="1.4" class="brand-2" />
          <rect x="10" y="13.6" width="8" height="3.4" rx="1.4" class="brand-3" />
        </svg>
        <span>Traces</span>
      </a>
      <Places />
      <Stream />
      <Actions />
    </header>
  );
}

function Places() {
  const { place, list: shown } = route.value;
  const isMap = place.page === 'map';
  const tab = (name: string, isOn: boolean, go: () => void) => (
    <button type="button" class="tab" aria-pressed={isOn} onClick={go}>
      {name}
    </button>
  );
  /** The list stands beside what is open; where it does not, or is shown already, its tab leads to it. */
  const show = (wanted: 'traces' | 'routes') => {
    const isBeside = !isMap && shown !== wanted && !matchMedia(NO_LIST_BESIDE).matches;
    goTo(isBeside ? place : { page: 'list' }, { list: wanted });
  };
  return (
    <nav class="tabs" aria-label="Places">
      {tab('List', !isMap && shown === 'traces', () => show('traces'))}
      {tab('Routes', !isMap && shown === 'routes', () => show('routes'))}
      {tab('Map', isMap, () => goTo({ page: 'map' }))}
    </nav>
  );
}

function Stream() {
  const state = list.state.value;
  const totals = list.totals.value;
  const isPaused = list.isPaused.value;
  const evicted = totals?.evicted.traces ?? 0;
  const dropped = (totals?.dropped.spans ?? 0) + (totals?.dropped.logs ?? 0);
  return (
    <p class="stream" role="status">
      <i class="pulse" data-state={isPaused ? 'paused' : state} />
      <b>{isPaused && state === 'live' ? 'Paused' : STATES[state]}</b>
      {totals && (
        <span class="totals">
          {plural(totals.traces, 'trace')}, {plural(totals.spans, 'span')}
        </span>
      )}
      {evicted > 0 && (
        <span
          class="totals"
          title={
            `The store holds ${count(totals!.maxSpans)} spans and ${count(totals!.maxTraces)} traces; ` +
            'the oldest leave first. Pinned ones stay.'
          }
        >
          {count(evicted)} let go
        </span>
      )}
      {dropped > 0 && (
        <span class="chip" data-tone="bad">
          {count(dropped)} dropped
        </span>
      )}
    </p>
  );
}

function Actions() {
  const isPaused = list.isPaused.value;
  return (
    <div class="actions">
      <button
        type="button"
        class="button"
        aria-pressed={isPaused}
        title="Hold the list still (p)"
        onClick={() => list.togglePause()}
      >
        <Icon name={isPaused ? 'play' : 'pause'} />
        <span class="wide">{isPaused ? 'Resume' : 'Pause'}</span>
      </button>
      <label class="button" title="Open a file: OTLP, Jaeger or Zipkin JSON, or a Chrome trace">
        <Icon name="import" />
        <span class="wide">Import</span>
        <input
          type="file"
          accept=".json,.jsonl,.ndjson,.gz,application/json,application/gzip"
          multiple
          onChange={imported}
          aria-label="Import a file of traces"
        />
      </label>
      <ClearButton />
      <button
        type="button"
        class="button"
        title={`Theme: ${theme.value}`}
        aria-label={`Theme: ${theme.value}`}
        onClick={nextTheme}
      >
        <Icon name="theme" />
      </button>
      <button
        type="button"
        class="button"
        title="Keys (?)"
        aria-label="Keys"
        onClick={() => (isHelpShown.value = true)}
      >
        <Icon name="help" />
      </button>
    </div>
  );
}

function imported({ currentTarget }: { currentTarget: HTMLInputElement }): void {
  importFiles(currentTarget.files ?? []);
  currentTarget.value = '';
}
