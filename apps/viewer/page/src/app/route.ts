/** What the middle of the page shows. */
export type Place =
  | { readonly page: 'list' }
  | { readonly page: 'map' }
  | { readonly page: 'trace'; readonly traceId: string; readonly spanId: string }
  | { readonly page: 'compare'; readonly left: string; readonly right: string };

export const VIEWS = ['waterfall', 'icicle', 'table', 'logs'] as const;
export type View = (typeof VIEWS)[number];

/** Everything that a reload or a link to the page brings back. */
export interface Route {
  readonly place: Place;
  readonly query: string;
  readonly list: 'traces' | 'routes';
  readonly view: View;
  /** Ids of linked traces that stand in the waterfall of the one that is open. */
  readonly together: readonly string[];
  /** Zoom in microseconds, if there is one. */
  readonly window?: { readonly from: number; readonly to: number };
}

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

/** Reads the part of an address behind `#`; what it does not know is the list. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#/, '').split(/\?(.*)/s, 2);
  const given = new URLSearchParams(search);
  const view = VIEWS.find((each) => each === given.get('view')) ?? 'waterfall';
  const window = parseWindow(given.get('at'));
  return {
    place: parsePlace(path.split('/').filter((part) => part !== '')),
    query: given.get('q') ?? '',
    list: given.get('list') === 'routes' ? 'routes' : 'traces',
    view,
    together: (given.get('with') ?? '').split(',').filter((id) => TRACE_ID.test(id)),
    ...(window ? { window } : {}),
  };
}

/** Writes a route, the shortest that says it. */
export function formatRoute({ place, query, list, view, together, window }: Route): string {
  const given = new URLSearchParams();
  if (query !== '') given.set('q', query);
  if (list !== 'traces') given.set('list', list);
  if (view !== 'waterfall') given.set('view', view);
  if (together.length > 0) given.set('with', together.join(','));
  if (window) given.set('at', `${Math.round(window.from)}-${Math.round(window.to)}`);
  const search = given.toString();
  return `#${formatPlace(place)}${search === '' ? '' : `?${search}`}`;
}

function parsePlace([first, second = '', third, fourth = '']: string[]): Place {
  if (first === 'map') return { page: 'map' };
  if (first === 't' && TRACE_ID.test(second)) {
    const spanId = third === 's' && SPAN_ID.test(fourth) ? fourth : '';
    return { page: 'trace', traceId: second, spanId };
  }
  if (first === 'compare' && TRACE_ID.test(second) && TRACE_ID.test(third ?? '')) {
    return { page: 'compare', left: second, right: third! };
  }
  return { page: 'list' };
}

function formatPlace(place: Place): string {
  if (place.page === 'list') return '/';
  if (place.page === 'map') return '/map';
  if (place.page === 'compare') return `/compare/${place.left}/${place.right}`;
  return `/t/${place.traceId}${place.spanId === '' ? '' : `/s/${place.spanId}`}`;
}

function parseWindow(text: string | null): Route['window'] {
  const [from, to] = (text ?? '').split('-').map(Number);
  if (from === undefined || to === undefined || !(to > from) || !Number.isFinite(to))
    return undefined;
  return { from, to };
}
