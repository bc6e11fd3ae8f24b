import type { Bench } from './bench.interface.js';
import type { HotLoop, LoopFigures } from './budget/modes.js';
import { CALLS, HOT_LOOPS, OTHERS } from './budget/modes.js';
import { inChildProcess } from './child.js';
import { ReceiverProcess } from './export/receiver-process.js';
import { spreadOf } from './statistics.js';
import { table } from './table.js';

const PROCESSES = 3;
/** Memory that the traced process may take beyond the bare one, in MiB. */
const BAR = 60;
/** Of the default queue, which one trace may fill to three quarters. */
const HARD_LIMIT = 1536;

const HEADER = [
  '',
  'bare',
  'traced',
  'over bare',
  'bar',
  'of that at rest',
  'of the loop',
  'ns a call',
  'exported',
  'left out',
  'lost',
];

const bench: Bench = {
  title: `${CALLS} traced calls in one request: the most memory of the process, in MiB`,
  async run() {
    const receiver = await ReceiverProcess.start();
    const rows = [HEADER];
    for (const loop of HOT_LOOPS) rows.push(await row(loop, receiver.url));
    receiver.stop();
    return table(rows);
  },
};

export default bench;

/** The processes that are compared, by what they are given. */
function processes(loop: HotLoop, url: string) {
  return {
    bare: [loop],
    traced: [loop, url],
    bareAtRest: ['other'],
    tracedAtRest: ['other', url],
  };
}

type Runs = Record<keyof ReturnType<typeof processes>, LoopFigures[]>;

async function runsOf(loop: HotLoop, url: string): Promise<Runs> {
  const runs: Runs = { bare: [], traced: [], bareAtRest: [], tracedAtRest: [] };
  for (let run = 0; run < PROCESSES; run += 1) {
    for (const [kind, args] of Object.entries(processes(loop, url))) {
      runs[kind as keyof Runs].push(await inChildProcess('budget/process.js', args));
    }
  }
  return runs;
}

async function row(loop: HotLoop, url: string): Promise<string[]> {
  const runs = await runsOf(loop, url);
  const { bare, traced } = runs;
  const over = peakOf(traced) - peakOf(bare);
  const atRest = peakOf(runs.tracedAtRest) - peakOf(runs.bareAtRest);
  const nanos = [bare, traced].map(
    (each) => (spreadOf(each.map(({ millis }) => millis)).median * 1e6) / CALLS,
  );
  return [
    loop,
    ...[peakOf(bare), peakOf(traced), over].map((mebibytes) => mebibytes.toFixed(0)),
    `${BAR} ${over <= BAR ? 'met' : 'MISSED'}`,
    ...[atRest, over - atRest].map((mebibytes) => mebibytes.toFixed(0)),
    nanos.map((each) => each.toFixed(0)).join(' → '),
    ...books(traced),
  ];
}

function peakOf(runs: readonly LoopFigures[]): number {
  return spreadOf(runs.map(({ peakMebibytes }) => peakMebibytes)).median;
}

/** Two spans for each of the other requests, the budget for the loop, and all else is left out. */
function books(runs: readonly LoopFigures[]): string[] {
  const expected = { exported: 2 * OTHERS + HARD_LIMIT, leftOut: CALLS + 1 - HARD_LIMIT, lost: 0 };
  return (['exported', 'leftOut', 'lost'] as const).map((key) => {
    const wrong = runs.find((run) => run[key] !== expected[key]);
    return wrong === undefined ? String(expected[key]) : `${wrong[key]} WRONG`;
  });
}
