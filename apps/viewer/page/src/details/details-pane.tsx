import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SpanDetail } from '../../../src/wire/span-detail.interface.js';
import { api } from '../api/client.js';
import { Icon } from '../app/icon.js';
import { areDetailsShown, current } from '../app/state.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { spanTitle } from '../trace/row-text.js';
import { lineageOf, spanIdOf, traceIdOf } from '../trace/trace-model.js';
import { Attributes } from './attributes.js';
import { Events } from './events.js';
import { Links } from './links.js';
import { SpanFacts } from './span-facts.js';
import { SpanLogs } from './span-logs.js';

/** Everything that is known of the span that is selected. */
export function DetailsPane() {
  const trace = current.value;
  const span = trace?.selectedSpan.value ?? -1;
  return (
    <aside class="details" aria-label="Details">
      <button
        type="button"
        class="button details-close narrow-only"
        aria-label="Close the details"
        onClick={() => (areDetailsShown.value = false)}
      >
        <Icon name="close" />
      </button>
      {trace && span >= 0 ? <Details trace={trace} span={span} /> : <NoSelection />}
    </aside>
  );
}

function NoSelection() {
  return (
    <p class="empty dim">
      Select a row to see its attributes, events, links and log lines. The arrow keys move among the
      rows.
    </p>
  );
}

function Details({ trace, span }: { trace: OpenTrace; span: number }) {
  const model = trace.model.value;
  const { revision } = model.detail;
  const [traceId, spanId] = [traceIdOf(model, span), spanIdOf(model, span)];
  const { detail, fault } = useSpanDetail(traceId, spanId, revision);
  return (
    <>
      <Crumbs trace={trace} span={span} />
      <h2>{spanTitle(model, span)}</h2>
      <SpanFacts model={model} span={span} detail={detail} />
      {fault !== '' && (
        <p class="dim" role="status">
          {fault}
        </p>
      )}
      {detail && <Events events={detail.events} />}
      {detail && <Attributes name="Attributes" attributes={detail.attributes} isOpen />}
      <Links trace={trace} span={span} />
      {detail && <SpanLogs trace={trace} span={span} logs={detail.logs} />}
      {detail && <Attributes name="Resource" attributes={detail.resource} />}
    </>
  );
}

/** The spans above, so that it is plain where one is even if they are scrolled away. */
function Crumbs({ trace, span }: { trace: OpenTrace; span: number }) {
  const model = trace.model.value;
  const line = lineageOf(model, span).slice(0, -1);
  const shown = line.length > 6 ? [...line.slice(0, 2), -1, ...line.slice(-3)] : line;
  if (line.length === 0) return null;
  return (
    <nav class="crumbs" aria-label="Path to the root">
      <ol>
        {shown.map((at) => (
          <li key={at}>
            {at < 0 ? (
              <span class="dim">{line.length - 5} more</span>
            ) : (
              <button type="button" class="link" onClick={() => trace.reveal(at)}>
                {spanTitle(model, at).slice(0, 40)}
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

function useSpanDetail(traceId: string, spanId: string, revision: number) {
  const found = useSignal<{ key: string; detail?: SpanDetail; fault: string }>({
    key: '',
    fault: '',
  });
  const key = `${traceId}/${spanId}`;
  useEffect(() => {
    const ends = new AbortController();
    api.span(traceId, spanId, ends.signal).then(
      (detail) => (found.value = { key, detail, fault: '' }),
      (error: unknown) => {
        if (ends.signal.aborted) return;
        found.value = { key, fault: error instanceof Error ? error.message : String(error) };
      },
    );
    return () => ends.abort();
  }, [key, revision]);
  return found.value.key === key
    ? { detail: found.value.detail, fault: found.value.fault }
    : { detail: undefined, fault: '' };
}
