import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { RouteGroups } from '../../../src/wire/overview.interface.js';
import { api } from '../api/client.js';
import { amend, route } from '../app/navigation.js';
import { list, say } from '../app/state.js';
import { oneLine } from '../format/plain-text.js';
import { count, duration, plural } from '../format/quantities.js';
import { EmptyList } from './empty-list.js';
import { exactTerm } from './search-terms.js';

const REFRESH_MILLIS = 1_500;

/** Traces by service and route, each with a picture of how long they take; a bar is a filter. */
export function RouteGroupsView() {
  const groups = useSignal<RouteGroups | undefined>(undefined);
  const { query } = route.value;
  useEffect(() => {
    const ends = new AbortController();
    const read = () => api.groups(query, ends.signal).then((found) => (groups.value = found));
    const failed = (error: unknown) => {
      if (!ends.signal.aborted) say(error instanceof Error ? error.message : String(error));
    };
    let version = list.version.peek();
    read().catch(failed);
    const timer = setInterval(() => {
      if (list.version.peek() === version || list.isPaused.peek()) return;
      version = list.version.peek();
      read().catch(failed);
    }, REFRESH_MILLIS);
    return () => {
      ends.abort();
      clearInterval(timer);
    };
  }, [query]);
  const found = groups.value;
  if (!found) return <p class="empty dim">Reading …</p>;
  if (found.route.length === 0) return <EmptyList isFiltered={query !== ''} />;
  return (
    <ul class="groups">
      {found.route.map((_, index) => (
        <Group key={`${found.service[index]} ${found.route[index]}`} groups={found} index={index} />
      ))}
    </ul>
  );
}

function Group({ groups, index }: { groups: RouteGroups; index: number }) {
  const name = groups.strings[groups.route[index]!] ?? '';
  const service = groups.strings[groups.service[index]!] ?? '';
  const errors = groups.errors[index]!;
  const terms = `${exactTerm('service:', service)} ${exactTerm('route:', name)}`;
  const show = (more = '') => amend({ query: `${terms}${more}`, list: 'traces' });
  return (
    <li class="group">
      <button type="button" class="group-name" onClick={() => show()} title={`Show ${name}`}>
        <b>{oneLine(name, 120)}</b>
        <span class="dim">{oneLine(service, 60)}</span>
      </button>
      <Histogram groups={groups} index={index} show={show} />
      <dl class="figures">
        <Figure name="count" value={count(groups.count[index]!)} />
        <Figure name="p50" value={duration(groups.p50[index]!)} />
        <Figure name="p95" value={duration(groups.p95[index]!)} />
        <Figure name="errors" value={count(errors)} isBad={errors > 0} />
      </dl>
    </li>
  );
}

function Figure({ name, value, isBad = false }: { name: string; value: string; isBad?: boolean }) {
  return (
    <div>
      <dt class="dim">{name}</dt>
      <dd class={isBad ? 'bad' : ''}>{value}</dd>
    </div>
  );
}

interface HistogramProps {
  readonly groups: RouteGroups;
  readonly index: number;
  show(more: string): void;
}

/** Bars from the shortest to the longest that any trace took; empty ones at both ends are left out. */
function Histogram({ groups, index, show }: HistogramProps) {
  const counts = groups.histogram[index]!;
  const most = Math.max(1, ...counts);
  const isUsed = (at: number) => groups.histogram.some((row) => row[at]! > 0);
  const first = Math.max(
    0,
    groups.edges.findIndex((_, at) => isUsed(at)),
  );
  const last = groups.edges.findLastIndex((_, at) => isUsed(at));
  return (
    <div class="histogram">
      {counts.slice(first, last + 1).map((value, offset) => {
        const at = first + offset;
        const [from, to] = [groups.edges[at]!, groups.edges[at + 1]];
        const span =
          to === undefined ? `from ${duration(from)}` : `${duration(from)} to ${duration(to)}`;
        return (
          <button
            key={from}
            type="button"
            disabled={value === 0}
            title={`${plural(value, 'trace')}, ${span}`}
            aria-label={`${plural(value, 'trace')}, ${span}`}
            onClick={() =>
              show(to === undefined ? ` duration:>=${from}us` : ` duration:${from}us..${to}us`)
            }
          >
            <i style={{ height: `${value === 0 ? 0 : Math.max(8, (value / most) * 100)}%` }} />
          </button>
        );
      })}
    </div>
  );
}
