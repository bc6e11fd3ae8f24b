import { useSignal } from '@preact/signals';
import type { SpanDetail } from '../../../src/wire/span-detail.interface.js';
import { oneLine, visible } from '../format/plain-text.js';
import { duration } from '../format/quantities.js';
import { spanTitle } from '../trace/row-text.js';
import { textOf, type TraceModel } from '../trace/trace-model.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { AttributeRows } from './attributes.js';

const SHOWN = 100;

interface SpanLogsProps {
  readonly trace: OpenTrace;
  readonly span: number;
  readonly logs: SpanDetail['logs'];
}

/** Log lines of the span, or of everything below it, in the order of time. */
export function SpanLogs({ trace, span, logs }: SpanLogsProps) {
  const isDeep = useSignal(false);
  const model = trace.model.value;
  const below = linesBelow(model, span);
  if (below.length === 0) return null;
  const hasMore = below.length > logs.length;
  return (
    <details class="section" open>
      <summary>
        Log lines <span class="dim">{isDeep.value ? below.length : logs.length}</span>
      </summary>
      {hasMore && (
        <button
          type="button"
          class="chip-button"
          aria-pressed={isDeep.value}
          onClick={() => (isDeep.value = !isDeep.value)}
        >
          With everything below ({below.length})
        </button>
      )}
      {isDeep.value ? <Below trace={trace} lines={below} /> : <Own logs={logs} />}
    </details>
  );
}

function Own({ logs }: { logs: SpanDetail['logs'] }) {
  return (
    <ol class="span-logs">
      {logs.slice(0, SHOWN).map((log, index) => (
        <li key={index}>
          <p class="event-head">
            <time>{duration(log.time)}</time> <b>{oneLine(log.severity, 12)}</b>{' '}
            {visible(log.message)}
          </p>
          {log.attributes.length > 0 && <AttributeRows attributes={log.attributes} />}
        </li>
      ))}
    </ol>
  );
}

function Below({ trace, lines }: { trace: OpenTrace; lines: readonly number[] }) {
  const model = trace.model.value;
  const { logs } = model.detail;
  return (
    <ol class="span-logs">
      {lines.slice(0, SHOWN).map((line) => (
        <li key={line}>
          <p class="event-head">
            <time>{duration(logs.time[line]!)}</time>{' '}
            <b>{oneLine(textOf(model, logs.severity[line]!), 12)}</b>{' '}
            {oneLine(textOf(model, logs.message[line]!), 300)}{' '}
            <button type="button" class="link" onClick={() => trace.reveal(logs.span[line]!)}>
              {spanTitle(model, logs.span[line]!).slice(0, 40)}
            </button>
          </p>
        </li>
      ))}
    </ol>
  );
}

/** Lines are in the order of time already. */
function linesBelow({ detail, end }: TraceModel, span: number): number[] {
  return detail.logs.span.flatMap((at, line) => (at >= span && at < end[span]! ? [line] : []));
}
