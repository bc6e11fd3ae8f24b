import type { Bench } from './bench.interface.js';
import { inChildProcess } from './child.js';
import type { Samples } from './measure.js';
import type { Spread } from './statistics.js';
import { addedRatio, spreadOf } from './statistics.js';
import { table } from './table.js';
import type { Mode } from './traced-method/modes.js';
import type { Kind, Maker } from './traced-method/variants.js';
import { KINDS, MAKERS, variantName } from './traced-method/variants.js';

/** One process may happen to be compiled or placed badly: its rounds are a fraction of the figure. */
const PROCESSES = 5;

const LABELS: Record<Maker, string> = {
  bare: 'bare method',
  handWritten: 'hand-written startActiveSpan on the stock SDK',
  nestjsOtel: 'nestjs-otel @Span',
  traced: 'nestjs-tracing @Traced',
};

const KIND_LABELS: Record<Kind, string> = {
  sync: 'sync',
  async: 'async',
  argument: 'sync, an attribute from the argument',
};

/** The most that `@Traced` may add, as a share of what hand-written code adds. */
const BARS: Record<Mode, number> = { recording: 0.5, 'sampled-out': 0.15, 'no-sdk': 0.2 };

const HEADER = ['', 'ns a call [quartiles]', 'added', '÷ hand-written [quartiles]', 'bar'];

const bench: Bench = {
  title: 'what a span adds to a method: medians, and the share of what hand-written code adds',
  async run() {
    await assertAlike();
    const lines: string[] = [];
    for (const mode of Object.keys(BARS) as Mode[]) {
      lines.push('', mode, ...report(await samplesOf(mode), BARS[mode]));
    }
    return lines;
  },
};

export default bench;

async function assertAlike(): Promise<void> {
  const problems = await inChildProcess<string[]>('traced-method/likeness.js', []);
  if (problems.length > 0) throw new Error(`The variants are not alike: ${problems.join('; ')}`);
}

async function samplesOf(mode: Mode): Promise<Samples> {
  const all: Samples = {};
  for (let run = 0; run < PROCESSES; run += 1) {
    const samples = await inChildProcess<Samples>('traced-method/process.js', [mode]);
    for (const [name, figures] of Object.entries(samples)) (all[name] ??= []).push(...figures);
  }
  return all;
}

function report(samples: Samples, bar: number): string[] {
  const rows = KINDS.flatMap((kind) => [
    [KIND_LABELS[kind]],
    ...MAKERS.map((maker) => row(samples, maker, kind, bar)),
  ]);
  return table([HEADER, ...rows]);
}

function row(samples: Samples, maker: Maker, kind: Kind, bar: number): string[] {
  const [own, rival, base] = [maker, 'handWritten' as const, 'bare' as const].map(
    (each) => samples[variantName(each, kind)] ?? [],
  ) as [number[], number[], number[]];
  const label = `  ${LABELS[maker]}`;
  const figures = spreadOf(own);
  const calls = write(figures, figures.median < 1_000 ? 1 : 0);
  if (maker === 'bare') return [label, calls];
  const added = (figures.median - spreadOf(base).median).toFixed(1);
  const ratio = addedRatio(own, rival, base);
  return [label, calls, added, ...(maker === 'handWritten' ? [] : share(maker, ratio, bar))];
}

function share(maker: Maker, ratio: Spread, bar: number): string[] {
  if (maker !== 'traced') return [write(ratio, 3)];
  return [write(ratio, 3), `${bar} ${ratio.median <= bar ? 'met' : 'MISSED'}`];
}

function write({ low, median, high }: Spread, digits: number): string {
  return `${median.toFixed(digits)} [${low.toFixed(digits)}-${high.toFixed(digits)}]`;
}
