import { computed, signal } from '@preact/signals';
import { formatRoute, parseRoute, type Place, type Route } from './route.js';

const current = signal<Route>(parseRoute(location.hash));

/** The route of the page. */
export const route = computed(() => current.value);
/** Id of the trace that is open, or empty. */
export const openTraceId = computed(() => {
  const { place } = current.value;
  return place.page === 'trace' ? place.traceId : '';
});

/** Ids of the traces that are shown with the one that is open, divided by commas. */
export const together = computed(() => current.value.together.join(','));

/** The search of the list: whoever follows it is not told of a zoom or a selection. */
export const query = computed(() => current.value.query);

window.addEventListener('popstate', () => (current.value = parseRoute(location.hash)));
window.addEventListener('hashchange', () => (current.value = parseRoute(location.hash)));

/** Goes to another place, so that Back returns. */
export function goTo(place: Place, rest: Partial<Route> = {}): void {
  const { window: _, ...kept } = current.peek();
  set({ ...kept, together: [], ...rest, place }, 'push');
}

/** Changes what the address says without a step for Back: search, zoom, selection. */
export function amend(rest: Partial<Route>): void {
  set({ ...current.peek(), ...rest }, 'replace');
}

/** Forgets the zoom in the address. */
export function amendWindow(window: Route['window']): void {
  const { window: _, ...kept } = current.peek();
  set(window ? { ...kept, window } : kept, 'replace');
}

/** Returns to where the page was before. */
export function goBack(): void {
  history.back();
}

/** Address of a place, for links that can be opened in another tab and copied. */
export function hrefOf(place: Place): string {
  const { query, list } = current.value;
  return formatRoute({ place, query, list, view: 'waterfall', together: [] });
}

function set(next: Route, how: 'push' | 'replace'): void {
  const hash = formatRoute(next);
  if (hash !== formatRoute(current.peek())) {
    if (how === 'push') history.pushState(null, '', hash);
    else history.replaceState(null, '', hash);
  }
  current.value = next;
}
