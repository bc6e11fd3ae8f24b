import { route } from '../app/navigation.js';
import { RouteGroupsView } from './route-groups-view.js';
import { SearchBox } from './search-box.js';
import { TraceList } from './trace-list.js';

/** The left pane: search, and the traces that match, one by one or by route. */
export function ListPane() {
  const isByRoute = route.value.list === 'routes';
  return (
    <section class="list-pane" aria-label="Traces">
      <SearchBox />
      {isByRoute ? <RouteGroupsView /> : <TraceList />}
    </section>
  );
}
