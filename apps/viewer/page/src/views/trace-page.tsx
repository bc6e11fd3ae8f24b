import { current, traceFault } from '../app/state.js';
import { route } from '../app/navigation.js';
import { IcicleView } from './icicle-view.js';
import { LogLines } from './log-lines.js';
import { OperationsTable } from './operations-table.js';
import { Problems } from './problems.js';
import { Toolbar } from './toolbar.js';
import { TraceHeader } from './trace-header.js';
import { WaterfallPane } from './waterfall-pane.js';

/** One trace: its header, its problems and one of its views. */
export function TracePage() {
  const trace = current.value;
  const fault = traceFault.value;
  if (!trace) {
    return (
      <main class="middle">
        <p class="empty" role={fault === '' ? undefined : 'alert'}>
          {fault === '' ? <span class="dim">Reading …</span> : fault}
        </p>
      </main>
    );
  }
  const { traceId } = trace.model.value.detail;
  const { view } = route.value;
  return (
    <main class="middle" aria-label="Trace">
      <TraceHeader trace={trace} />
      <Problems trace={trace} />
      <Toolbar trace={trace} />
      {fault !== '' && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {view === 'waterfall' && <WaterfallPane key={traceId} trace={trace} />}
      {view === 'icicle' && <IcicleView key={traceId} trace={trace} />}
      {view === 'table' && <OperationsTable key={traceId} trace={trace} />}
      {view === 'logs' && <LogLines key={traceId} trace={trace} />}
    </main>
  );
}
