import { effect, signal } from '@preact/signals';
import { Refused, api } from '../api/client.js';
import { TraceListStore } from '../list/trace-list.store.js';
import { OpenTrace } from '../trace/open-trace.js';
import { spanIdOf, spanWithId } from '../trace/trace-model.js';
import { amend, amendWindow, openTraceId, query, route } from './navigation.js';

/** Traces that are kept as they were left, for whoever walks back. */
const KEPT_TRACES = 8;
/** The least time between two readings of a trace that grows. */
const REFRESH_MILLIS = 400;

/** The list of traces. */
export const list = new TraceListStore();
/** The trace that is open. */
export const current = signal<OpenTrace | undefined>(undefined);
/** Why the trace of the address is not there. */
export const traceFault = signal('');
/** One of the two traces to compare. */
export const marked = signal('');
/** Says something for a few seconds. */
export const toast = signal('');
export const isHelpShown = signal(false);
/** On a narrow screen the details lie over the rows, when they are wanted. */
export const areDetailsShown = signal(false);

const kept = new Map<string, OpenTrace>();
let loading = new AbortController();
let refreshTimer: ReturnType<typeof setTimeout> | undefined;
let toastTimer: ReturnType<typeof setTimeout> | undefined;

/** Says something for a few seconds, to screen readers as well. */
export function say(text: string): void {
  toast.value = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.value = ''), 4_000);
}

/** Runs something that calls the server, and says it if that fails. */
export function attempt(work: () => Promise<unknown>): void {
  work().catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
}

/** Connects the address, the list and the open trace. */
export function startState(): void {
  effect(() => void list.load(query.value));
  effect(() => void openTrace(openTraceId.value));
  effect(() => {
    const { place } = route.value;
    if (place.page === 'trace') selectSpan(place.spanId);
  });
  effect(followSelection);
  effect(() => {
    const trace = current.value;
    if (trace) amendWindow(trace.zoom.value);
  });
  list.listen((hasChanged) => {
    if (hasChanged(openTraceId.peek())) refreshSoon(REFRESH_MILLIS);
  });
}

/** Reads a trace; one that was open before is there at once, and read again behind it. */
async function openTrace(traceId: string): Promise<void> {
  loading.abort();
  loading = new AbortController();
  clearTimeout(refreshTimer);
  traceFault.value = '';
  areDetailsShown.value = false;
  current.value = kept.get(traceId);
  if (traceId !== '') await readTrace(traceId, loading.signal);
}

async function readTrace(traceId: string, signal: AbortSignal): Promise<void> {
  try {
    const newer = await api.newerTrace(traceId, kept.get(traceId)?.tag, signal);
    if (signal.aborted) return;
    traceFault.value = '';
    if (!newer) return;
    const known = kept.get(traceId);
    if (known) known.refresh(newer.detail, newer.tag);
    else keep(traceId, new OpenTrace(newer.detail, newer.tag));
    if (!known) present(traceId);
  } catch (error) {
    if (!signal.aborted) failed(error);
  }
}

/** The first sight of a trace: zoomed and selected as the address says. */
function present(traceId: string): void {
  const trace = kept.get(traceId)!;
  const { window, place, together } = route.peek();
  if (window) trace.zoom.value = window;
  current.value = trace;
  if (place.page === 'trace') selectSpan(place.spanId);
  // A span of a trace that is shown with it is there when that is.
  const isAwaited = together.length > 0 && place.page === 'trace' && place.spanId !== '';
  if (trace.selected.peek() < 0 && !isAwaited) trace.select(0);
}

function keep(traceId: string, trace: OpenTrace): void {
  kept.set(traceId, trace);
  const oldest = kept.keys().next().value;
  if (kept.size > KEPT_TRACES && oldest !== undefined) kept.delete(oldest);
}

function failed(error: unknown): void {
  if (error instanceof Refused && error.status === 404) {
    traceFault.value = current.peek()
      ? 'This trace has left the store. What was read of it stays here until it is closed.'
      : 'This trace is not in the store, or not any more.';
  } else {
    traceFault.value = error instanceof Error ? error.message : String(error);
    refreshSoon(2_000);
  }
}

function refreshSoon(millis: number): void {
  clearTimeout(refreshTimer);
  const { signal } = loading;
  const traceId = openTraceId.peek();
  refreshTimer = setTimeout(() => {
    if (!signal.aborted && traceId !== '') void readTrace(traceId, signal);
  }, millis);
}

function selectSpan(spanId: string): void {
  const trace = current.peek();
  if (!trace || spanId === '') return;
  const model = trace.model.peek();
  const selected = trace.selectedSpan.peek();
  if (selected >= 0 && spanIdOf(model, selected) === spanId) return;
  trace.reveal(spanWithId(model, spanId));
}

/** The address names the span that is selected. */
function followSelection(): void {
  const trace = current.value;
  const span = trace?.selectedSpan.value ?? -1;
  const { place } = route.peek();
  if (!trace || span < 0 || place.page !== 'trace') return;
  const model = trace.model.value;
  if (model.detail.traceId !== place.traceId) return;
  const spanId = spanIdOf(model, span);
  if (spanId !== place.spanId) amend({ place: { ...place, spanId } });
}
