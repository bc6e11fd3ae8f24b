import type { Bench } from './bench.interface.js';
import { inChildProcess } from './child.js';
import type { Samples } from './measure.js';
import type { Spread } from './statistics.js';
import { addedRatio, spreadOf } from './statistics.js';
import { table } from './table.js';
import type { Mode } from './traced-method/modes.js';
import type { Database, Kind, Maker } from './typeorm/variants.js';
import { scannerMillis } from './typeorm/scanner.js';
import { KINDS, MAKERS, variantName } from './typeorm/variants.js';

/** One process may happen to be compiled or placed badly. */
const PROCESSES = 3;

/** The most that tracing may add to a statement, in microseconds. */
const BARS: Record<Mode, number> = { 'no-sdk': 0.6, 'sampled-out': 0.8, recording: 4 };

/** The most that tracing may add to a look-up, as a share of what contrib adds. */
const CONTRIB_BAR = 0.4;

/** The most that a traced statement may take on a server, as a multiple of a bare one. */
const SERVER_BAR = 1.03;

/** The most that the description of 100 KB of SQL may take, in milliseconds. */
const SCANNER_BAR = 1;

const LABELS: Record<Maker, string> = {
  bare: 'bare',
  traced: 'nestjs-tracing',
  contrib: 'instrumentation-typeorm on the stock SDK',
  handWritten: 'a span by hand on the stock SDK',
};

const bench: Bench = {
  title:
    'what tracing adds to a statement of TypeORM, in processor time with a database in process, and ' +
    'with PostgreSQL: medians [quartiles of the rounds]',
  async run() {
    const rows: string[][] = [['', 'µs a call', 'added', 'bar']];
    for (const mode of Object.keys(BARS) as Mode[]) {
      const samples = await samplesOf(mode, 'sqljs');
      for (const kind of KINDS) rows.push([`${kind}, ${mode}`], ...addedRows(samples, kind, mode));
    }
    return [...table(rows), '', ...(await onServer()), '', ...(await ofScanner())];
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

function addedRows(samples: Samples, kind: Kind, mode: Mode): string[][] {
  const bare = figuresOf(samples, 'bare', kind);
  return MAKERS.map((maker) => {
    const own = figuresOf(samples, maker, kind);
    const cells = [`  ${LABELS[maker]}`, spreadOf(own).median.toFixed(2)];
    if (maker === 'bare') return cells;
    const added = spreadOf(own).median - spreadOf(bare).median;
    const rounds = spreadOf(own.map((figure, round) => figure - (bare[round] ?? NaN)));
    return [...cells, `${added.toFixed(2)} ${quartiles(rounds)}`, ...verdicts(maker, added)];
  });

  function verdicts(maker: Maker, added: number): string[] {
    if (maker !== 'traced') return [];
    const isMet = added <= BARS[mode];
    if (kind !== 'findOneBy' || mode !== 'recording') return [verdict(BARS[mode], isMet)];
    const [own, rival] = [figuresOf(samples, 'traced', kind), figuresOf(samples, 'contrib', kind)];
    const share = addedRatio(own, rival, bare);
    const ofContrib = `${share.median.toFixed(2)} ${quartiles(share)} ÷ contrib`;
    const isSmall = verdict(CONTRIB_BAR, share.median <= CONTRIB_BAR);
    return [`${verdict(BARS[mode], isMet)}; ${ofContrib}: ${isSmall}`];
  }
}

async function onServer(): Promise<string[]> {
  const samples = await samplesOf('recording', 'postgres');
  const bare = figuresOf(samples, 'bare', 'query');
  const rows = MAKERS.map((maker) => {
    const own = figuresOf(samples, maker, 'query');
    const { median } = spreadOf(own);
    const ratio = median / spreadOf(bare).median;
    const rounds = spreadOf(own.map((figure, round) => figure / (bare[round] ?? NaN)));
    const cells = [`  ${LABELS[maker]}`, median.toFixed(2)];
    if (maker === 'bare') return cells;
    const bar = maker === 'traced' ? [verdict(SERVER_BAR, ratio <= SERVER_BAR)] : [];
    return [...cells, `${ratio.toFixed(3)} ${quartiles(rounds, 3)}`, ...bar];
  });
  return table([['PostgreSQL, recording', 'µs a call', '× bare', 'bar'], ...rows]);
}

async function ofScanner(): Promise<string[]> {
  const rows = [...(await scannerMillis())].map(([text, spread]) => [
    `  ${text}`,
    `${spread.median.toFixed(2)} ${quartiles(spread)}`,
    verdict(SCANNER_BAR, spread.median <= SCANNER_BAR),
  ]);
  return table([['100 KB of SQL, described', 'ms', 'bar'], ...rows]);
}

/** Microseconds a call, round by round. */
function figuresOf(samples: Samples, maker: Maker, kind: Kind): number[] {
  return (samples[variantName(maker, kind)] ?? []).map((nanos) => nanos / 1000);
}

function verdict(bar: number, isMet: boolean): string {
  return `${bar} ${isMet ? 'met' : 'MISSED'}`;
}

function quartiles({ low, high }: Spread, digits = 2): string {
  return `[${low.toFixed(digits)}-${high.toFixed(digits)}]`;
}
