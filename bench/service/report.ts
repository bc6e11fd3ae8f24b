import { spreadOf } from '../statistics.js';
import { table } from '../table.js';
import type { Figures } from './contestant.js';
import type { Mode } from './modes.js';

/** The turns of each mode, as many of each. */
type Turns = ReadonlyMap<Mode, readonly Figures[]>;
type Figure = keyof Figures;

interface Column {
  readonly title: string;
  readonly cell: (turns: Turns, mode: Mode) => string;
}

const [OURS, SAMPLED_OUT, STOCK] = [
  'nestjs-tracing',
  'nestjs-tracing, sampled out',
  'stock',
] as const;
const KILO = 1e3;
const MEGA = 1024 ** 2;

const SEEN: readonly Column[] = [
  column('requests/s', 'requestsPerSecond', 1, 0),
  ofBare('requestsPerSecond'),
  column('p50 ms', 'p50Millis', 1, 2),
  column('p99 ms', 'p99Millis', 1, 2),
  ofBare('p99Millis'),
  column('spans', 'spans', 1, 2),
  column('received', 'received', 1, 2),
];

const USED: readonly Column[] = [
  column('main µs', 'mainMicros', 1, 1),
  ofBare('mainMicros'),
  column('others µs', 'otherMicros', 1, 1),
  ofBare('otherMicros'),
  column('allocated kB', 'allocatedBytes', KILO, 1),
  ofBare('allocatedBytes'),
  column('GC µs', 'gcMicros', 1, 1),
  {
    title: 'promoted kB a scavenge',
    cell: (turns, mode) => (promotedPerScavenge(turns, mode) / KILO).toFixed(0),
  },
  column('RSS MB', 'rssBytes', MEGA, 0),
];

/** The medians of each mode, and the bars with what became of them. */
export function report(turns: Turns): string[] {
  return [
    ...section('what clients see, and spans of a request', SEEN, turns),
    ...section('what the service uses for a request', USED, turns),
    '',
    ...bars(turns),
  ];
}

function section(title: string, columns: readonly Column[], turns: Turns): string[] {
  const head = ['', ...columns.map((each) => each.title)];
  const rows = [...turns.keys()].map((mode) => [
    mode,
    ...columns.map(({ cell }) => cell(turns, mode)),
  ]);
  return ['', title, ...table([head, ...rows])];
}

function column(title: string, figure: Figure, unit: number, digits: number): Column {
  const cell = (turns: Turns, mode: Mode) =>
    (medianOf(values(turns, mode, figure)) / unit).toFixed(digits);
  return { title, cell };
}

function ofBare(figure: Figure): Column {
  return { title: 'of bare', cell: (turns, mode) => shareOfBare(turns, mode, figure).toFixed(3) };
}

function bars(turns: Turns): string[] {
  if (![OURS, SAMPLED_OUT, STOCK].every((mode) => turns.has(mode))) return [];
  const share = (mode: Mode, figure: Figure) => shareOfBare(turns, mode, figure);
  const ofStocks = (figure: Figure) => (share(OURS, figure) - 1) / (share(STOCK, figure) - 1);
  return [
    bar('main-thread time added ÷ stock', ofStocks('mainMicros'), 0.3),
    bar('bytes allocated, added ÷ stock', ofStocks('allocatedBytes'), 0.2),
    bar(
      'promoted a scavenge ÷ bare',
      promotedPerScavenge(turns, OURS) / promotedPerScavenge(turns, 'bare'),
      1.2,
    ),
    bar(
      'sampled out: main-thread time over bare, %',
      (share(SAMPLED_OUT, 'mainMicros') - 1) * 100,
      4,
    ),
    bar('throughput lost ÷ stock', ofStocks('requestsPerSecond'), 0.4),
    bar('p99 ÷ bare', share(OURS, 'p99Millis'), 1.3),
    bar('resident memory over bare, MB', overBare(turns, OURS, 'rssBytes') / MEGA, 50),
  ];
}

function bar(what: string, figure: number, limit: number): string {
  const verdict = figure <= limit ? 'met' : 'MISSED';
  return `${what}: ${figure.toFixed(2)} (bar ${limit}: ${verdict})`;
}

/** The median of the shares, each of bare in the same turn. */
function shareOfBare(turns: Turns, mode: Mode, figure: Figure): number {
  const bare = values(turns, 'bare', figure);
  return medianOf(values(turns, mode, figure).map((value, turn) => value / (bare[turn] ?? NaN)));
}

function overBare(turns: Turns, mode: Mode, figure: Figure): number {
  const bare = values(turns, 'bare', figure);
  return medianOf(values(turns, mode, figure).map((value, turn) => value - (bare[turn] ?? NaN)));
}

/** Over all turns, for one may be without any scavenge. */
function promotedPerScavenge(turns: Turns, mode: Mode): number {
  const total = (figure: Figure) =>
    values(turns, mode, figure).reduce((sum, each) => sum + each, 0);
  return total('promotedBytes') / total('scavenges');
}

function values(turns: Turns, mode: Mode, figure: Figure): number[] {
  return (turns.get(mode) ?? []).map((each) => each[figure]);
}

function medianOf(figures: readonly number[]): number {
  return spreadOf(figures).median;
}
