import { effect } from '@preact/signals';
import { api } from '../api/client.js';
import { plural } from '../format/quantities.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { linkInto } from '../trace/join-traces.js';
import { isJoinable } from '../trace/joinable-link.js';
import { spanWithId } from '../trace/trace-model.js';
import { goTo, route, together } from './navigation.js';
import { attempt, current, list, say } from './state.js';

/** Linked traces in one waterfall; more of them are no picture any more. */
const MOST = 20;
/** The least time between two readings of traces that grow. */
const REFRESH_MILLIS = 400;

let reading = new AbortController();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Keeps the traces that the address names beside the open one in its waterfall. */
export function startTogether(): void {
  effect(() => follow(current.value, together.value));
  list.listen((hasChanged) => {
    if (!route.peek().together.some(hasChanged)) return;
    clearTimeout(timer);
    timer = setTimeout(() => follow(current.peek(), together.peek()), REFRESH_MILLIS);
  });
}

/**
 * Shows a linked trace in the waterfall of this one, or no more. What began before this trace has the
 * longer axis: then that one is opened, with this one in it.
 */
export function toggleTogether(trace: OpenTrace, link: number): void {
  const { links, traceId } = trace.model.peek().detail;
  const other = links.traceId[link]!;
  const { together: ids, place } = route.peek();
  if (ids.includes(other)) goTo(place, { together: ids.filter((id) => id !== other) });
  else if (!isJoinable(trace.model.peek(), link))
    say('This trace is not in the store, or not in time.');
  else if (linkInto(trace.model.peek().detail, other) >= 0) {
    goTo(place, { together: [...ids, other].slice(-MOST) });
  } else {
    const spanId = links.spanId[link]!;
    goTo({ page: 'trace', traceId: other, spanId }, { together: [traceId] });
  }
}

/** Shows the open trace alone again. */
export function showAlone(): void {
  goTo(route.peek().place, { together: [] });
}

function follow(trace: OpenTrace | undefined, ids: string): void {
  reading.abort();
  reading = new AbortController();
  clearTimeout(timer);
  if (!trace) return;
  if (ids === '') {
    if (trace.others.peek().length > 0) trace.others.value = [];
    return;
  }
  const { signal } = reading;
  attempt(() => join(trace, ids.split(',').slice(0, MOST), signal));
}

async function join(trace: OpenTrace, ids: readonly string[], signal: AbortSignal): Promise<void> {
  const found = await Promise.all(ids.map((id) => api.trace(id, signal).catch(() => undefined)));
  if (signal.aborted) return;
  const others = found.filter((other) => other !== undefined);
  trace.others.value = others;
  if (others.length < ids.length) {
    say(`${plural(ids.length - others.length, 'trace')} not in the store, or not any more.`);
  }
  const { place } = route.peek();
  const named = place.page === 'trace' ? spanWithId(trace.model.peek(), place.spanId) : -1;
  if (named >= 0 && named !== trace.selectedSpan.peek()) trace.reveal(named);
  if (trace.selected.peek() < 0) trace.select(0);
}
