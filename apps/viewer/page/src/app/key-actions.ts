import { hasChildren } from '../trace/display-tree.js';
import { joinableLink } from '../trace/joinable-link.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { setZoom } from '../waterfall/pointer.js';
import { copyForAssistant, copyText } from './clipboard.js';
import { goTo, route } from './navigation.js';
import { toggleRow } from './walk.js';
import { areDetailsShown, attempt, current, isHelpShown, list } from './state.js';

/** Puts the focus into a field and selects what is in it. */
export function focusOn(id: string): void {
  const place = document.getElementById(id);
  if (place instanceof HTMLInputElement) place.select();
  place?.focus();
}

/** Moves the selection by rows or pages. */
export function move(trace: OpenTrace, key: string): void {
  const page = Math.max(
    1,
    Math.floor((document.getElementById('rows')?.clientHeight ?? 400) / 24) - 1,
  );
  const steps: Record<string, number> = {
    ArrowUp: -1,
    ArrowDown: 1,
    PageUp: -page,
    PageDown: page,
    Home: -1e9,
    End: 1e9,
  };
  trace.step(steps[key]!);
}

/** Closes the selected row, or goes to the one above it in the tree. */
export function closeOrUp(trace: OpenTrace): void {
  const at = trace.selected.peek();
  const tree = trace.tree.peek();
  if (at < 0) return;
  if (hasChildren(tree, at) && !trace.isClosed(at)) trace.toggle(at);
  else if (tree.parent[at]! >= 0) trace.select(tree.parent[at]!);
}

/** Opens the selected row, or goes to the first below it. */
export function openOrDown(trace: OpenTrace): void {
  const at = trace.selected.peek();
  if (at < 0) return;
  if (joinableLink(trace.tree.peek(), at) >= 0) return toggleRow(trace, at);
  if (!hasChildren(trace.tree.peek(), at)) return;
  if (trace.isClosed(at)) trace.toggle(at);
  else trace.step(1);
}

/** Turns an option of the rows on or off. */
export function flip(trace: OpenTrace, option: 'withFolds' | 'withLogs'): void {
  const options = trace.options.peek();
  trace.options.value = { ...options, [option]: !options[option] };
}

/** Copies the trace as text. */
export function copyTrace(trace: OpenTrace, key: string): void {
  const { traceId } = trace.model.peek().detail;
  attempt(() => (key === 'y' ? copyText(traceId) : copyForAssistant(traceId)));
}

/** Opens the next trace of the list, or the one before. */
export function stepTrace(by: 1 | -1): void {
  const shown = list.shown.peek();
  const { place } = route.peek();
  const at = place.page === 'trace' ? shown.indexOf(place.traceId) : -1;
  const traceId = shown[at < 0 ? 0 : at + by];
  if (traceId !== undefined) goTo({ page: 'trace', traceId, spanId: '' });
}

/** Closes one thing: the help, the details, the search, the focus, the zoom, the trace. */
export function escape(): void {
  const trace = current.peek();
  if (isHelpShown.peek()) isHelpShown.value = false;
  else if (areDetailsShown.peek()) areDetailsShown.value = false;
  else if (trace && trace.words.peek() !== '') trace.words.value = '';
  else if (trace?.focusId.peek()) trace.focusId.value = '';
  else if (trace?.zoom.peek()) setZoom(trace, undefined);
  else if (route.peek().place.page !== 'list') goTo({ page: 'list' });
}
