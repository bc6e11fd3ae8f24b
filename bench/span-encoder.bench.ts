import type { Bench } from './bench.interface.js';
import { inChildProcess } from './child.js';
import type { Samples } from './measure.js';
import type { Kind } from './span-encoder/spans.js';
import { BATCH, KINDS } from './span-encoder/spans.js';
import type { Way } from './span-encoder/variants.js';
import { variantName } from './span-encoder/variants.js';
import type { Spread } from './statistics.js';
import { spreadOf } from './statistics.js';
import { table } from './table.js';

/** One process may happen to be compiled or placed badly: its rounds are a fraction of the figure. */
const PROCESSES = 3;

const LABELS: Record<Kind, string> = {
  small: 'small: 2 attributes',
  typical: 'typical: 8 attributes, an event',
  query: 'query: 8 attributes, a statement',
};

/** What encoding a small span at its end may add, in nanoseconds. */
const SMALL_BAR = 1_000;

const HEADER = [
  'ns a span [quartiles]',
  'encoder',
  'stock',
  'JSON',
  '÷ stock',
  '÷ JSON',
  'at its end',
];

const bench: Bench = {
  title: 'what encoding a span costs: medians over batches of 512, and when it has just ended',
  async run() {
    const samples = await allSamples();
    return table([HEADER, ...KINDS.map((kind) => row(samples, kind))]);
  },
};

export default bench;

async function allSamples(): Promise<Samples> {
  const all: Samples = {};
  for (let run = 0; run < PROCESSES; run += 1) {
    const samples = await inChildProcess<Samples>('span-encoder/process.js', []);
    for (const [name, figures] of Object.entries(samples)) (all[name] ??= []).push(...figures);
  }
  return all;
}

function row(samples: Samples, kind: Kind): string[] {
  const of = (way: Way): Spread =>
    spreadOf((samples[variantName(way, kind)] ?? []).map((nanos) => nanos / BATCH));
  const [own, stock, json] = [of('encoder'), of('stock'), of('json')];
  const added = addedAtEnd(samples, kind);
  return [
    LABELS[kind],
    ...[own, stock, json].map(write),
    (own.median / stock.median).toFixed(3),
    (own.median / json.median).toFixed(3),
    kind === 'small' ? judge(added) : added.toFixed(0),
  ];
}

/** Round by round, where both had the same moment of the machine. */
function addedAtEnd(samples: Samples, kind: Kind): number {
  const bare = samples[variantName('recorded', kind)] ?? [];
  const encoded = samples[variantName('recordedAndEncoded', kind)] ?? [];
  return spreadOf(encoded.map((nanos, round) => (nanos - (bare[round] ?? NaN)) / BATCH)).median;
}

function judge(added: number): string {
  return `${added.toFixed(0)} (bar ${SMALL_BAR}: ${added <= SMALL_BAR ? 'met' : 'MISSED'})`;
}

function write({ low, median, high }: Spread): string {
  return `${median.toFixed(0)} [${low.toFixed(0)}-${high.toFixed(0)}]`;
}
