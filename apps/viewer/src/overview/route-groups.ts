import { Injectable } from '@nestjs/common';
import { startMillis } from '../detail/trace-rows.js';
import { rounded } from '../detail/span-columns.js';
import { StringTable } from '../detail/string-table.js';
import { TraceFinder } from '../search/trace-finder.js';
import { routeOf } from '../store/route.js';
import type { StoredTrace } from '../store/stored-trace.js';
import type { RouteGroups } from '../wire/overview.interface.js';
import { quantile } from './quantile.js';

/** Bars of a histogram: four for each power of ten, from 10 µs to 100 s. */
const EDGES = [0, ...Array.from({ length: 29 }, (_, index) => Math.round(10 ** (1 + index / 4)))];

interface Group {
  readonly route: string;
  readonly service: string;
  readonly durations: number[];
  errors: number;
  last: number;
}

/** Groups traces by service and route. */
@Injectable()
export class RouteGrouping {
  constructor(private readonly finder: TraceFinder) {}

  /** @throws SearchError */
  async group(query: string): Promise<RouteGroups> {
    const groups = new Map<string, Group>();
    await this.finder.each((trace) => add(groups, trace), await this.finder.find(query));
    return columns(
      [...groups.values()].map(summary).toSorted((one, other) => other.total - one.total),
    );
  }
}

function add(groups: Map<string, Group>, trace: StoredTrace): void {
  const { facts } = trace;
  const route = routeOf(trace);
  const service = (facts.root ?? facts.first)?.service ?? '';
  const key = JSON.stringify([service, route]);
  const group = groups.get(key) ?? { route, service, durations: [], errors: 0, last: 0 };
  groups.set(key, group);
  group.durations.push(Number(facts.endNanos - facts.startNanos) / 1e3);
  if (facts.errors > 0) group.errors += 1;
  group.last = Math.max(group.last, startMillis(trace));
}

function summary({ route, service, errors, last, durations }: Group) {
  const sorted = Float64Array.from(durations).sort();
  const histogram = EDGES.map(() => 0);
  let bar = 0;
  for (const duration of sorted) {
    while (bar + 1 < EDGES.length && duration >= EDGES[bar + 1]!) bar += 1;
    histogram[bar]! += 1;
  }
  const total = sorted.reduce((sum, duration) => sum + duration, 0);
  return { route, service, errors, last, sorted, histogram, total };
}

function columns(groups: readonly ReturnType<typeof summary>[]): RouteGroups {
  const texts = new StringTable();
  return {
    route: groups.map(({ route }) => texts.add(route)),
    service: groups.map(({ service }) => texts.add(service)),
    count: groups.map(({ sorted }) => sorted.length),
    errors: groups.map(({ errors }) => errors),
    p50: groups.map(({ sorted }) => rounded(quantile(sorted, 0.5))),
    p95: groups.map(({ sorted }) => rounded(quantile(sorted, 0.95))),
    max: groups.map(({ sorted }) => rounded(sorted.at(-1) ?? 0)),
    last: groups.map(({ last }) => last),
    edges: EDGES,
    histogram: groups.map(({ histogram }) => histogram),
    strings: texts.strings,
  };
}
