import type { Bench } from './bench.interface.js';
import { inChildProcess } from './child.js';
import type { Samples } from './measure.js';
import type { OffloadFigures } from './offload/process.js';
import type { TurnMicros } from './offload/processor-time.js';
import { AT_ONCE, CHILDREN } from './offload/variants.js';
import { spreadOf } from './statistics.js';
import { table } from './table.js';

/** One process may happen to be placed badly: its rounds are a fraction of the figure. */
const PROCESSES = 3;

const BARS = { nothing: 1.7, oneMilli: 1.02, childMicros: 4, afterAbortMillis: 1 };

const bench: Bench = {
  title: 'offloaded tasks beside bare piscina.run, one worker, both recording nothing else',
  async run() {
    const samples: Samples = {};
    const micros: TurnMicros = {};
    for (let run = 0; run < PROCESSES; run += 1) {
      const figures = await inChildProcess<OffloadFigures>('offload/process.js', []);
      gather(samples, figures.samples);
      gather(micros, figures.micros);
    }
    const header = ['', 'piscina µs', 'offload µs', 'figure [quartiles]', 'bar'];
    return table([header, processorRow(micros), ...report(samples)]);
  },
};

export default bench;

function gather(all: Record<string, number[]>, more: Record<string, number[]>): void {
  for (const [name, figures] of Object.entries(more)) (all[name] ??= []).push(...figures);
}

/** Turn by turn, where both had the same moment of the machine. */
function processorRow({ bare = [], offload = [] }: TurnMicros): string[] {
  const ratios = offload.map((figure, turn) => figure / (bare[turn] ?? NaN));
  const { low, median, high } = spreadOf(ratios);
  return [
    'no-op, processor time of both threads',
    spreadOf(bare).median.toFixed(1),
    spreadOf(offload).median.toFixed(1),
    write(median, low, high, ' x'),
    met(median, BARS.nothing),
  ];
}

function report(samples: Samples): string[][] {
  return [
    ratioRow('1 ms', samples, '1 ms', 1, BARS.oneMilli),
    childRow('a child span, one after the other', samples, '', 1),
    childRow(`a child span, ${AT_ONCE} at once`, samples, ' crowd', AT_ONCE),
    abortRow(samples),
  ];
}

/** By the medians; round by round, where both had the same moment of the machine, for the quartiles. */
function ratioRow(label: string, samples: Samples, kind: string, calls: number, bar: number) {
  const bare = samples[`bare ${kind}`] ?? [];
  const own = samples[`offload ${kind}`] ?? [];
  const { low, high } = spreadOf(own.map((figure, round) => figure / (bare[round] ?? NaN)));
  const ratio = spreadOf(own).median / spreadOf(bare).median;
  return [
    label,
    micros(bare, calls),
    micros(own, calls),
    write(ratio, low, high, ' x'),
    met(ratio, bar),
  ];
}

function childRow(label: string, samples: Samples, kind: string, calls: number): string[] {
  const none = samples[`no children${kind}`] ?? [];
  const ten = samples[`ten children${kind}`] ?? [];
  const each = (more: number, less: number): number => (more - less) / (calls * CHILDREN * 1000);
  const { low, high } = spreadOf(ten.map((figure, round) => each(figure, none[round] ?? NaN)));
  const median = each(spreadOf(ten).median, spreadOf(none).median);
  return [
    label,
    '',
    micros(ten, calls),
    write(median, low, high, ' µs'),
    met(median, BARS.childMicros),
  ];
}

function abortRow(samples: Samples): string[] {
  const millis = (samples['after abort'] ?? []).map((nanos) => nanos / 1e6);
  const { low, median, high } = spreadOf(millis);
  const figure = write(median, low, high, ' ms');
  return ['the next task after an abort', '', '', figure, met(median, BARS.afterAbortMillis)];
}

function micros(figures: readonly number[], calls: number): string {
  return (spreadOf(figures).median / calls / 1000).toFixed(1);
}

function write(figure: number, low: number, high: number, unit: string): string {
  return `${figure.toFixed(3)}${unit} [${low.toFixed(3)}-${high.toFixed(3)}]`;
}

function met(figure: number, bar: number): string {
  return `${bar} ${figure <= bar ? 'met' : 'MISSED'}`;
}
