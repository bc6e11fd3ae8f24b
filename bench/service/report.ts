import type { LoadFigures } from './load.js';
import { MODES } from './modes.js';
import type { Mode } from './modes.js';
import { spreadOf } from '../statistics.js';

/** What one turn of a mode has shown. */
export interface Figures extends LoadFigures {
  readonly rssMegabytes: number;
  /** Processor time of the service a request: the figure that other work on the machine distorts least. */
  readonly cpuMillisPerRequest: number;
  /** Spans that are recorded of a request. */
  readonly spansPerRequest: number;
  /** Spans that the receiver got of a request under load: the rest was dropped. */
  readonly receivedPerRequest: number;
}

/** The turns of each mode, as many of each. */
type Turns = ReadonlyMap<Mode, readonly Figures[]>;

/** Of what stock tracing loses of the throughput, how much this package may lose. */
const THROUGHPUT_BAR = 0.4;
/** How long the slowest hundredth may take, by that of the bare service. */
const P99_BAR = 1.3;

/** A row of medians for each mode. */
export function rows(turns: Turns): object[] {
  return MODES.map((mode) => {
    const of = (figure: keyof Figures) => median(values(turns, mode, figure));
    return {
      mode,
      'requests/s': Math.round(of('requestsPerSecond')),
      'of bare': rounded(shareOfBare(turns, mode, 'requestsPerSecond')),
      'p50 ms': rounded(of('p50Millis')),
      'p99 ms': rounded(of('p99Millis')),
      'p99 of bare': rounded(shareOfBare(turns, mode, 'p99Millis')),
      'RSS MB': Math.round(of('rssMegabytes')),
      'CPU ms/request': rounded(of('cpuMillisPerRequest')),
      'spans/request': rounded(of('spansPerRequest')),
      received: rounded(of('receivedPerRequest')),
    };
  });
}

/** The bars and what became of them, and the processor time behind them. */
export function bars(turns: Turns): string[] {
  const lost = (mode: Mode): number => 1 - shareOfBare(turns, mode, 'requestsPerSecond');
  const added = (mode: Mode): number => shareOfBare(turns, mode, 'cpuMillisPerRequest') - 1;
  const [ours, stock] = ['nestjs-tracing', 'stock'] as const;
  return [
    bar('throughput lost, by what stock loses', lost(ours) / lost(stock), THROUGHPUT_BAR),
    bar('p99, by that of bare', shareOfBare(turns, ours, 'p99Millis'), P99_BAR),
    `processor time added, by what stock adds: ${rounded(added(ours) / added(stock))}`,
  ];
}

function bar(what: string, figure: number, limit: number): string {
  const verdict = figure <= limit ? 'reached' : 'missed';
  return `${what}: ${rounded(figure)} (${verdict}: at most ${limit})`;
}

/** The median of the shares, each of bare in the same turn. */
function shareOfBare(turns: Turns, mode: Mode, figure: keyof Figures): number {
  const bare = values(turns, 'bare', figure);
  return median(values(turns, mode, figure).map((value, turn) => value / (bare[turn] ?? NaN)));
}

function values(turns: Turns, mode: Mode, figure: keyof Figures): number[] {
  return (turns.get(mode) ?? []).map((each) => each[figure]);
}

function median(figures: readonly number[]): number {
  return spreadOf(figures).median;
}

function rounded(figure: number): number {
  return Number(figure.toFixed(3));
}
