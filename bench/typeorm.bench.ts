import type { Bench } from './bench.interface.js';
import { inChildProcess } from './child.js';
import type { Samples } from './measure.js';
import type { Spread } from './statistics.js';
import { spreadOf } from './statistics.js';
import { table } from './table.js';
import type { Mode } from './traced-method/modes.js';
import type { Database, Kind } from './typeorm/variants.js';
import { KINDS, variantName } from './typeorm/variants.js';

/** One process may happen to be compiled or placed badly. */
const PROCESSES = 3;

/** The most that tracing may add to a statement, in microseconds. */
const BARS: Record<Mode, number> = { 'no-sdk': 0.6, 'sampled-out': 0.8, recording: 4 };

/** The most that a traced statement may take on a server, as a multiple of a bare one. */
const SERVER_BAR = 1.03;

const HEADER = ['', 'bare, µs a call', 'traced', 'added [quartiles]', 'bar'];

const bench: Bench = {
  title:
    'what tracing adds to a statement of TypeORM, with a database in process and with PostgreSQL ' +
    '(@opentelemetry/instrumentation-typeorm is not installed and not compared)',
  async run() {
    const rows: string[][] = [HEADER];
    for (const mode of Object.keys(BARS) as Mode[]) {
      const samples = await samplesOf(mode, 'sqljs');
      rows.push([mode], ...KINDS.map((kind) => row(samples, kind, BARS[mode])));
    }
    return [...table(rows), '', ...(await onServer())];
  },
};

export default bench;

async function samplesOf(mode: Mode, database: Database): Promise<Samples> {
  const all: Samples = {};
  for (let run = 0; run < PROCESSES; run += 1) {
    const samples = await inChildProcess<Samples>('typeorm/process.js', [mode, database]);
    for (const [name, figures] of Object.entries(samples)) (all[name] ??= []).push(...figures);
  }
  return all;
}

function row(samples: Samples, kind: Kind, bar: number): string[] {
  const [bare, traced] = pair(samples, kind);
  const added = spreadOf(traced.map((figure, round) => figure - (bare[round] ?? NaN)));
  const [base, own] = [bare, traced].map((figures) => spreadOf(figures).median / 1000);
  const difference = (own ?? NaN) - (base ?? NaN);
  const verdict = `${bar} ${difference <= bar ? 'met' : 'MISSED'}`;
  const quartiles = `[${(added.low / 1000).toFixed(2)}-${(added.high / 1000).toFixed(2)}]`;
  return [
    `  ${kind}`,
    (base ?? NaN).toFixed(2),
    (own ?? NaN).toFixed(2),
    `${difference.toFixed(2)} ${quartiles}`,
    verdict,
  ];
}

async function onServer(): Promise<string[]> {
  const samples = await samplesOf('recording', 'postgres');
  const [bare, traced] = pair(samples, 'query');
  const ratio = spreadOf(traced).median / spreadOf(bare).median;
  const rounds = spreadOf(traced.map((figure, round) => figure / (bare[round] ?? NaN)));
  const verdict = ratio <= SERVER_BAR ? 'met' : 'MISSED';
  return [
    `  PostgreSQL, recording: ${ratio.toFixed(3)} × bare ${writeQuartiles(rounds)}, bar ${SERVER_BAR} ${verdict}`,
  ];
}

function pair(samples: Samples, kind: Kind): [number[], number[]] {
  return [samples[variantName('bare', kind)] ?? [], samples[variantName('traced', kind)] ?? []];
}

function writeQuartiles({ low, high }: Spread): string {
  return `[${low.toFixed(3)}-${high.toFixed(3)}]`;
}
