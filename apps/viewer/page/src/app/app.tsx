import { ListPane } from '../list/list-pane.js';
import { ComparePage } from '../compare/compare-page.js';
import { ServiceMapPage } from '../map/service-map-page.js';
import { DetailsPane } from '../details/details-pane.js';
import { TracePage } from '../views/trace-page.js';
import { Help } from './help.js';
import { route } from './navigation.js';
import { Splitter, widths } from './splitter.js';
import { areDetailsShown, toast } from './state.js';
import { TopBar } from './top-bar.js';

/** The whole page: the list, what is open, and its details. */
export function App() {
  const { page } = route.value.place;
  const { list, details, names } = widths.value;
  const style = {
    '--list': `${list}px`,
    '--details': `${details}px`,
    ...(names > 0 ? { '--names': `${names}%` } : {}),
  };
  return (
    <div class="app" data-page={page} data-details={areDetailsShown.value} style={style}>
      <TopBar />
      <ListPane />
      {page !== 'list' && <Splitter name="list" label="Width of the list" side="left" />}
      {page === 'trace' && <TracePage />}
      {page === 'trace' && (
        <>
          <Splitter name="details" label="Width of the details" side="right" />
          <DetailsPane />
        </>
      )}
      {page === 'compare' && <ComparePage />}
      {page === 'map' && <ServiceMapPage />}
      <Help />
      <div class="toast" role="status" aria-live="polite" data-shown={toast.value !== ''}>
        {toast.value}
      </div>
      <div class="drop-here" aria-hidden="true">
        Drop OTLP, Jaeger or Zipkin JSON, or a Chrome trace, to open it
      </div>
    </div>
  );
}
