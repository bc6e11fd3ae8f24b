import type { Bench } from './bench.interface.js';
import { inChildProcess } from './child.js';
import type { PipelineName } from './export/pipelines.js';
import { PIPELINES } from './export/pipelines.js';
import type { ExportFigures, Load } from './export/process.js';
import { ReceiverProcess } from './export/receiver-process.js';
import { spreadOf } from './statistics.js';
import { table } from './table.js';

/** Each round runs every pipeline once, so that a slow moment of the machine falls on all of them. */
const ROUNDS = 3;

const LABELS: Record<PipelineName, string> = {
  none: 'SDK, no export',
  ownNone: 'our tracer, no export',
  stock: 'BatchSpanProcessor + OTLP gRPC exporter',
  engine: 'nestjs-tracing',
};

/** What each is compared with: the same spans with no export. */
const BASES: Record<PipelineName, PipelineName> = {
  none: 'none',
  stock: 'none',
  ownNone: 'ownNone',
  engine: 'ownNone',
};

/** What is allocated can be read off the heap as long as it is not collected. */
const NOTHING_COLLECTED = ['--min-semi-space-size=256', '--max-semi-space-size=256'];

type Runs = Record<PipelineName, ExportFigures[]>;

const bench: Bench = {
  title: 'what an export costs the application, a receiver in another process',
  async run() {
    const receiver = await ReceiverProcess.start();
    try {
      const busy = await runsOf('busy', PIPELINES, receiver);
      const steady = await runsOf('steady', PIPELINES, receiver);
      const allocating = await runsOf('allocating', PIPELINES, receiver);
      const full = await runsOf('full', ['stock', 'engine'], receiver);
      return [
        ...busyReport(busy),
        ...steadyReport(steady),
        ...fullReport(full),
        ...allocationReport(allocating),
        ...barReport(busy, steady, full),
      ];
    } finally {
      receiver.stop();
    }
  },
};

export default bench;

async function runsOf(
  load: Load,
  names: readonly PipelineName[],
  receiver: ReceiverProcess,
): Promise<Runs> {
  const runs: Runs = { none: [], ownNone: [], stock: [], engine: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) runs[name].push(await runOnce(name, load, receiver));
  }
  return runs;
}

/** A figure counts only if every span has arrived. */
async function runOnce(
  name: PipelineName,
  load: Load,
  receiver: ReceiverProcess,
): Promise<ExportFigures> {
  const before = await receiver.received();
  const args = [name, load, receiver.url];
  const flags = load === 'allocating' ? NOTHING_COLLECTED : [];
  const figures = await inChildProcess<ExportFigures>('export/process.js', args, flags);
  const arrived = (await receiver.received()) - before;
  const expected = name === 'none' || name === 'ownNone' ? 0 : figures.spans;
  if (arrived !== expected)
    console.error(`${name}, ${load}: ${arrived} of ${expected} spans arrived`);
  return figures;
}

function busyReport(runs: Runs): string[] {
  const header = ['turn after turn', 'µs CPU a span', 'added'];
  const rows = PIPELINES.map((name) => [
    LABELS[name],
    median(runs[name], 'cpuMicros').toFixed(2),
    added(runs, name).toFixed(2),
  ]);
  return ['', ...table([header, ...rows])];
}

function steadyReport(runs: Runs): string[] {
  const header = [
    '10,000 spans/s',
    'µs CPU a span',
    'longest turn ms',
    'turns > 1 ms',
    'grown MiB',
  ];
  const rows = PIPELINES.map((name) => [
    LABELS[name],
    median(runs[name], 'cpuMicros').toFixed(2),
    median(runs[name], 'longestTurnMillis').toFixed(2),
    median(runs[name], 'turnsOverOneMilli').toFixed(),
    median(runs[name], 'grownMebibytes').toFixed(),
  ]);
  return ['', ...table([header, ...rows])];
}

function fullReport(runs: Runs): string[] {
  const rows = (['stock', 'engine'] as const).map((name) => [
    LABELS[name],
    median(runs[name], 'spansPerSecond').toFixed(),
  ]);
  return ['', ...table([['as fast as it goes', 'spans/s'], ...rows])];
}

function allocationReport(runs: Runs): string[] {
  const rows = PIPELINES.map((name) => {
    const own = median(runs[name], 'allocatedBytes');
    const more = own - median(runs[BASES[name]], 'allocatedBytes');
    return [LABELS[name], own.toFixed(), more.toFixed()];
  });
  return ['', ...table([['allocated', 'bytes a span', 'added'], ...rows])];
}

function barReport(busy: Runs, steady: Runs, full: Runs): string[] {
  const memory = median(steady.engine, 'grownMebibytes') - median(steady.none, 'grownMebibytes');
  const longest =
    median(steady.engine, 'turnsOverOneMilli') - median(steady.none, 'turnsOverOneMilli');
  return [
    '',
    bar('CPU added ÷ stock', added(busy, 'engine') / added(busy, 'stock'), 0.08),
    bar('turns above 1 ms, more than without export', longest, 0),
    bar('spans/s with nothing lost', median(full.engine, 'spansPerSecond'), 50_000, 'least'),
    bar('memory of the thread, MiB', memory, 40),
    bar('first hand-over on the caller’s thread, ms', median(steady.engine, 'startMillis'), 100),
    bar('first spans out, ms', median(steady.engine, 'firstExportMillis'), 100),
  ];
}

function bar(what: string, figure: number, limit: number, kind: 'most' | 'least' = 'most'): string {
  const isMet = kind === 'most' ? figure <= limit : figure >= limit;
  const digits = limit < 1 ? 3 : 1;
  return `  ${what}: ${figure.toFixed(digits)} (bar ${limit.toFixed(digits)}) ${isMet ? 'met' : 'MISSED'}`;
}

function added(runs: Runs, name: PipelineName): number {
  return median(runs[name], 'cpuMicros') - median(runs[BASES[name]], 'cpuMicros');
}

function median(runs: readonly ExportFigures[], key: keyof ExportFigures): number {
  return spreadOf(runs.map((figures) => figures[key])).median;
}
