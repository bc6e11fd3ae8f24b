import type { Bench } from './bench.interface.js';
import { inChildProcess } from './child.js';
import { spreadOf } from './statistics.js';
import { table } from './table.js';
import { inOrder } from './turns.js';
import type { KindFigure } from './watchdog/kinds.js';
import { measureKinds, measurePoke } from './watchdog/kinds.js';
import type { WatchdogFigures } from './watchdog/process.js';

const RUNS = 10;
const PAIRS = 7;
const SPAN_PAIRS = 21;

/**
 * Shares of right answers and of a processor when idle; milliseconds of a poke; microseconds that five
 * spans may cost more, which is one in a hundred of a request of 150 µs; nanoseconds that one may.
 */
const BARS = {
  right: 0.95,
  addedMicros: 1.5,
  spanNanos: 60,
  block: 1.02,
  idle: 0.001,
  pokeMillis: 0.2,
};

type Mode = 'on' | 'off';

const bench: Bench = {
  title: 'who is named for a blocked event loop, among 20 innocent spans, and what watching costs',
  async run() {
    const kinds = await measureKinds(RUNS);
    const figures = await measureCost();
    const spans = await measureSpan();
    const costs = costRows(figures, await measurePoke());
    return [...table(kindRows(kinds)), '', ...table([...costs, spanRow(spans)])];
  },
};

export default bench;

function kindRows(kinds: readonly KindFigure[]): string[][] {
  const header = ['', 'runs', 'right span', 'right line', 'innocents blamed', 'cause'];
  const rows = kinds.map(({ name, runs, rightSpan, rightLine, blamed, causes }) => {
    const [cause = ''] = Object.entries(causes).toSorted((a, b) => b[1] - a[1])[0] ?? [];
    return [name, ...[runs, rightSpan, rightLine, blamed].map(String), cause];
  });
  const sum = (of: (kind: KindFigure) => number): number =>
    kinds.reduce((all, kind) => all + of(kind), 0);
  const runs = sum((kind) => kind.runs);
  const share = (right: number): string =>
    `${right} ${right >= BARS.right * runs ? 'met' : 'MISSED'}`;
  const blamed = sum((kind) => kind.blamed);
  const total = [
    `all ${kinds.length} kinds`,
    String(runs),
    share(sum((kind) => kind.rightSpan)),
    share(sum((kind) => kind.rightLine)),
    `${blamed} ${blamed === 0 ? 'met' : 'MISSED'}`,
    '',
  ];
  return [header, ...rows, total];
}

/** By turns, so that both have the same moment of the machine. */
async function measureCost(): Promise<Record<Mode, WatchdogFigures[]>> {
  const figures: Record<Mode, WatchdogFigures[]> = { on: [], off: [] };
  for (let pair = 0; pair < PAIRS; pair += 1) {
    for (const mode of inOrder<Mode>(['on', 'off'], pair)) {
      figures[mode].push(await inChildProcess<WatchdogFigures>('watchdog/process.js', [mode]));
    }
  }
  return figures;
}

/** Nanoseconds of one span, by turns. */
async function measureSpan(): Promise<Record<Mode, number[]>> {
  const nanos: Record<Mode, number[]> = { on: [], off: [] };
  for (let pair = 0; pair < SPAN_PAIRS; pair += 1) {
    for (const mode of inOrder<Mode>(['on', 'off'], pair)) {
      nanos[mode].push(await inChildProcess<number>('watchdog/span-process.js', [mode]));
    }
  }
  return nanos;
}

function spanRow({ on, off }: Record<Mode, number[]>): string[] {
  const added = spreadOf(on.map((nanos, pair) => nanos - (off[pair] ?? NaN))).median;
  const [without, watched] = [off, on].map((nanos) => spreadOf(nanos).median.toFixed());
  return ['a span, ns', without!, watched!, met(added, BARS.spanNanos, ' ns more')];
}

function costRows(figures: Record<Mode, WatchdogFigures[]>, pokeMillis: number): string[][] {
  const median = (mode: Mode, of: (figure: WatchdogFigures) => number): number =>
    spreadOf(figures[mode].map(of)).median;
  const request = (figure: WatchdogFigures): number => figure.requestMicros;
  const block = (figure: WatchdogFigures): number => figure.blockMillis;
  const idle = (figure: WatchdogFigures): number => figure.idleShare;
  const pokes = median('on', (figure) => figure.pokes);
  const added = median('on', request) - median('off', request);
  const slowdown = median('on', block) / median('off', block);
  const row = (label: string, of: typeof request, result: string): string[] => {
    const unit = of === idle ? 4 : 1;
    return [label, median('off', of).toFixed(unit), median('on', of).toFixed(unit), result];
  };
  return [
    ['processor time of the main thread', 'off', 'on', 'figure and bar'],
    row('a request of 5 spans, µs', request, met(added, BARS.addedMicros, ' µs more')),
    row(`a block with ${pokes} pokes, ms`, block, met(slowdown, BARS.block, ' x')),
    row('idle, of a processor', idle, met(median('on', idle), BARS.idle, '')),
    ['a poke, ms', '', pokeMillis.toFixed(3), met(pokeMillis, BARS.pokeMillis, '')],
  ];
}

function met(figure: number, bar: number, unit: string): string {
  return `${figure.toFixed(4)}${unit}, ${bar} ${figure <= bar ? 'met' : 'MISSED'}`;
}
