import { TRACE_FLAG } from '../../../src/wire/trace-list.interface.js';
import { Icon } from '../app/icon.js';
import { hrefOf } from '../app/navigation.js';
import { marked } from '../app/state.js';
import { oneLine } from '../format/plain-text.js';
import { clock, duration, moment, plural } from '../format/quantities.js';
import { chipsOf, stateOf, type TraceRow } from './trace-row.js';

const STATES = { running: 'running', error: 'failed', ok: 'finished' } as const;

interface TraceItemProps {
  readonly row: TraceRow;
  readonly top: number;
  /** Its duration as a share of the longest that is seen. */
  readonly share: number;
  readonly isOpen: boolean;
}

/** One trace of the list: a link, so that it opens in another tab as well. */
export function TraceItem({ row, top, share, isOpen }: TraceItemProps) {
  const state = stateOf(row);
  const isLogsOnly = (row.flags & TRACE_FLAG.logsOnly) > 0;
  const name =
    oneLine(row.route || row.name, 160) || (isLogsOnly ? 'log lines alone' : '(no name yet)');
  return (
    <li
      class="item"
      style={{ transform: `translateY(${top}px)` }}
      data-open={isOpen}
      data-state={state}
    >
      <a
        href={hrefOf({ page: 'trace', traceId: row.id, spanId: '' })}
        {...(isOpen ? { 'aria-current': 'true' as const } : {})}
      >
        <i class="state" data-state={state} title={STATES[state]} />
        <span class="item-name" title={name}>
          <span class="sr">{STATES[state]}: </span>
          {name}
        </span>
        <span class="item-time">
          <i class="item-bar" style={{ width: `${Math.max(2, share * 100)}%` }} />
          <b>{duration(row.duration)}</b>
        </span>
        <span class="item-facts">
          <span class="item-service">{oneLine(row.service, 60)}</span>
          {row.services > 1 && <span>+{row.services - 1}</span>}
          <span title={plural(row.spans, 'span')}>{plural(row.spans, 'span')}</span>
          {row.errors > 0 && <span class="bad">{plural(row.errors, 'error')}</span>}
          {row.logs > 0 && <span class="item-logs">{plural(row.logs, 'log')}</span>}
        </span>
        <span class="item-chips">
          {(row.flags & TRACE_FLAG.pinned) > 0 && <Icon name="pin" />}
          {marked.value === row.id && (
            <span class="chip" data-tone="link">
              to compare
            </span>
          )}
          {chipsOf(row).map(({ text, tone, title }) => (
            <span key={text} class="chip" data-tone={tone} title={title}>
              {text}
            </span>
          ))}
        </span>
        <time title={moment(row.start)}>{clock(row.start)}</time>
      </a>
    </li>
  );
}
