import type { Bench } from './bench.interface.js';
import { inChildProcess } from './child.js';
import type { Mode } from './groups/modes.js';
import type { Figures } from './groups/process.js';
import { CONCURRENCY, MAPPED, SIZES } from './groups/variants.js';
import type { Samples } from './measure.js';
import type { Spread } from './statistics.js';
import { spreadOf } from './statistics.js';
import { table } from './table.js';

/** One process may happen to be compiled or placed badly: its rounds are a fraction of the figure. */
const PROCESSES = 5;

const LABELS: Readonly<Record<string, string>> = {
  bare: 'Promise.all',
  handWritten: 'Promise.all + startActiveSpan',
  awaited: 'Promise.all of group.spawn',
  spawned: 'group.spawn',
};

const MAP_LABELS = { handWritten: 'p-map + startActiveSpan', map: 'map' };

/** The most that a child may cost, as a share of what a hand-written one costs. */
const RATIO_BAR = 0.6;
/** The most that a child may add where there is no SDK, in nanoseconds. */
const ADDED_BAR = 1_000;
/** The most that a child may take while it waits, in bytes. */
const MEMORY_BAR = 1_024;

const bench: Bench = {
  title:
    'what a child of a group costs: medians [quartiles]; ratios and differences round by round',
  async run() {
    await assertAlike();
    const lines = ['', 'recording', ...recordingReport(await figuresOf('recording'))];
    lines.push('', 'no-sdk', ...bareReport(await figuresOf('no-sdk')));
    lines.push('', '100,000 queued children', ...(await memoryReport()));
    return lines;
  },
};

export default bench;

async function assertAlike(): Promise<void> {
  const problems = await inChildProcess<string[]>('groups/likeness.js', []);
  if (problems.length > 0) throw new Error(`The variants are not alike: ${problems.join('; ')}`);
}

async function figuresOf(mode: Mode): Promise<Figures> {
  const all: Figures = {};
  for (let run = 0; run < PROCESSES; run += 1) {
    const figures = await inChildProcess<Figures>('groups/process.js', [mode]);
    for (const [batch, samples] of Object.entries(figures)) {
      for (const [name, nanos] of Object.entries(samples))
        ((all[batch] ??= {})[name] ??= []).push(...nanos);
    }
  }
  return all;
}

function recordingReport(figures: Figures): string[] {
  const batches = SIZES.flatMap((size) => [
    [`${size} children`],
    ...recordingRows(figures[`spawn ${size}`] ?? {}, LABELS),
  ]);
  return table([
    ['', 'ns a child', '÷ hand-written', 'bar'],
    ...batches,
    [`${MAPPED} children, concurrency ${CONCURRENCY}`],
    ...recordingRows(figures['map'] ?? {}, MAP_LABELS),
  ]);
}

function recordingRows(samples: Samples, labels: Readonly<Record<string, string>>): string[][] {
  const { handWritten = [], ...others } = samples;
  return Object.entries({ handWritten, ...others }).map(([name, own]) => {
    const cells = [`  ${labels[name]}`, write(spreadOf(own))];
    if (name === 'handWritten') return cells;
    const ratio = roundByRound(own, handWritten, (ours, theirs) => ours / theirs);
    return [...cells, write(ratio, 3), ...(name === 'bare' ? [] : verdict(ratio, RATIO_BAR))];
  });
}

function bareReport(figures: Figures): string[] {
  const batches = SIZES.flatMap((size) => [
    [`${size} children`],
    ...bareRows(figures[`spawn ${size}`] ?? {}),
  ]);
  return table([['', 'ns a child', 'added to Promise.all', 'bar'], ...batches]);
}

function bareRows({ bare = [], ...others }: Samples): string[][] {
  return Object.entries({ bare, ...others }).map(([name, own]) => {
    const cells = [`  ${LABELS[name]}`, write(spreadOf(own))];
    if (name === 'bare') return cells;
    const added = roundByRound(own, bare, (ours, theirs) => ours - theirs);
    return [...cells, write(added), ...(name === 'handWritten' ? [] : verdict(added, ADDED_BAR))];
  });
}

async function memoryReport(): Promise<string[]> {
  const rows: string[][] = [['', 'bytes a child', 'bar']];
  for (const mode of ['recording', 'no-sdk']) {
    const bytes = await inChildProcess<number>('groups/memory.js', [mode], ['--expose-gc']);
    rows.push([`  ${mode}`, write(spreadOf([bytes])), ...verdict(spreadOf([bytes]), MEMORY_BAR)]);
  }
  return table(rows);
}

/** Compares what had the same moment of the machine. */
function roundByRound(
  own: readonly number[],
  rival: readonly number[],
  compare: (own: number, rival: number) => number,
): Spread {
  return spreadOf(own.map((figure, round) => compare(figure, rival[round] ?? NaN)));
}

function verdict({ median }: Spread, bar: number): string[] {
  return [`${bar} ${median <= bar ? 'met' : 'MISSED'}`];
}

function write({ low, median, high }: Spread, digits = 0): string {
  return `${median.toFixed(digits)} [${low.toFixed(digits)}-${high.toFixed(digits)}]`;
}
