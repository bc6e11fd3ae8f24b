import { OUTCOMES } from '../../../src/wire/span-codes.js';
import { api, downloadOf } from '../api/client.js';
import { BackToList } from '../app/back-to-list.js';
import { copy, copyForAssistant, copyTable, copyText } from '../app/clipboard.js';
import { compareWith } from '../app/compare-mark.js';
import { Icon } from '../app/icon.js';
import { goTo } from '../app/navigation.js';
import { attempt, marked, say } from '../app/state.js';
import { oneLine } from '../format/plain-text.js';
import {
  change,
  clock,
  count,
  duration,
  moment,
  percent,
  plural,
  plurals,
} from '../format/quantities.js';
import { colours, huesOf, serviceColour } from '../paint/colours.js';
import type { OpenTrace } from '../trace/open-trace.js';
import { selfTimeOf } from '../trace/self-time.js';
import { isFailed, textOf, type TraceModel } from '../trace/trace-model.js';
import { Find } from './find.js';
import { Menu } from './menu.js';

/** The outcome of a task that failed, and of every other span that did. */
const FAILED = OUTCOMES.indexOf('error');

/** What the trace is, how long it took and on what, and what can be done with it. */
export function TraceHeader({ trace }: { trace: OpenTrace }) {
  const model = trace.model.value;
  const { detail } = model;
  return (
    <header class="trace-head">
      <BackToList />
      <div class="trace-title">
        <h1>{oneLine(detail.route || detail.name, 200) || '(no name yet)'}</h1>
        <p class="facts">
          <b>{duration(detail.duration)}</b>
          <time title={moment(detail.start)}>{clock(detail.start)}</time>
          <span>{plural(model.ownCount, 'span')}</span>
          {detail.isRunning && (
            <span class="chip" data-tone="link">
              running
            </span>
          )}
          {detail.dropped.spans + detail.dropped.logs > 0 && (
            <span class="chip" data-tone="bad">
              {plurals([detail.dropped.spans, 'span'], [detail.dropped.logs, 'log line'])} beyond a
              limit
            </span>
          )}
          <Outcomes model={model} />
        </p>
      </div>
      <TraceActions trace={trace} />
      <div class="trace-parts">
        <Services model={model} />
        <SelfTime model={model} />
      </div>
    </header>
  );
}

function Services({ model }: { model: TraceModel }) {
  const hues = huesOf(model.detail.services);
  return (
    <ul class="services" aria-label="Services">
      {model.detail.services.map(
        ({ name, spans, skew }, index) =>
          name !== '' && (
            <li key={name}>
              <i style={{ background: serviceColour(hues[index]!, colours.value.isDark).strong }} />
              {oneLine(name, 60)} <span class="dim">{count(spans)}</span>
              {skew !== 0 && (
                <span
                  class="chip"
                  data-tone="warn"
                  title="Its clock and its caller's cannot both be right; it is drawn where it fits"
                >
                  clock {change(skew)}
                </span>
              )}
            </li>
          ),
      )}
    </ul>
  );
}

/** The three that took most of the time by themselves. */
function SelfTime({ model }: { model: TraceModel }) {
  const { whole, top } = selfTimeOf(model, 3);
  if (whole === 0) return null;
  return (
    <p class="self-top">
      {top.map(({ name, service, self }, index) => (
        <span key={`${name} ${service}`}>
          {index === 0 && <span class="dim">Self time </span>}
          {oneLine(textOf(model, name), 48)} <b>{percent(self / whole)}</b>
        </span>
      ))}
    </p>
  );
}

function Outcomes({ model }: { model: TraceModel }) {
  const counts = new Int32Array(OUTCOMES.length);
  for (let span = 0; span < model.ownCount; span++) {
    const outcome = model.outcome[span]!;
    if (outcome !== FAILED) counts[outcome]!++;
    if (isFailed(model, span)) counts[FAILED]!++;
  }
  return (
    <>
      {[FAILED, 3, 4, 5].map((outcome) => {
        const many = counts[outcome]!;
        if (many === 0) return null;
        const tone = outcome === FAILED || outcome === 5 ? 'bad' : 'warn';
        return (
          <span key={outcome} class="chip" data-tone={tone}>
            {count(many)} {OUTCOMES[outcome]!.replace('_', ' ').replace('error', 'failed')}
          </span>
        );
      })}
    </>
  );
}

function TraceActions({ trace }: { trace: OpenTrace }) {
  const { traceId, isPinned } = trace.model.value.detail;
  const pin = () =>
    attempt(async () => {
      await api.pin(traceId, !isPinned);
      trace.refresh(await api.trace(traceId));
      say(isPinned ? 'Not pinned any more.' : 'Pinned: it stays when the store is full.');
    });
  const remove = () =>
    attempt(async () => {
      await api.remove(traceId);
      goTo({ page: 'list' });
    });
  return (
    <div class="actions">
      <Find trace={trace} />
      <button
        type="button"
        class="button"
        aria-pressed={isPinned}
        title="Keep it when the store is full"
        aria-label="Pin"
        onClick={pin}
      >
        <Icon name="pin" />
        <span class="wide">{isPinned ? 'Pinned' : 'Pin'}</span>
      </button>
      <button
        type="button"
        class="button"
        aria-pressed={marked.value === traceId}
        title="Compare with another (c)"
        aria-label="Compare"
        onClick={() => compareWith(traceId)}
      >
        <Icon name="compare" />
        <span class="wide">Compare</span>
      </button>
      <Menu
        name="Copy"
        icon="copy"
        items={[
          ['As text (y)', () => attempt(() => copyText(traceId))],
          ['As text for an assistant (Y)', () => attempt(() => copyForAssistant(traceId))],
          ['As a table', () => attempt(() => copyTable(trace))],
          ['As OTLP JSON', () => attempt(async () => copy(await api.otlp(traceId), 'OTLP JSON'))],
          ['Link to this span', () => attempt(() => copy(location.href, 'the link'))],
          ['Trace id', () => attempt(() => copy(traceId, 'the trace id'))],
        ]}
      />
      <Menu
        name="More"
        icon="more"
        items={[
          ['Save OTLP JSON', () => save(downloadOf(traceId, 'otlp.json'))],
          ['Save Chrome trace', () => save(downloadOf(traceId, 'chrome.json'))],
          ['Save text', () => save(downloadOf(traceId, 'txt'))],
          ['Remove this trace', remove],
        ]}
      />
    </div>
  );
}

function save(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}
