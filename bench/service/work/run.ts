import { spreadOf } from '../../statistics.js';
import { table } from '../../table.js';
import { inOrder } from '../../turns.js';
import type { Mode } from '../modes.js';
import { countInstructions } from './instructions.js';
import type { Batch } from './worker.js';
import { Worker } from './worker.js';

/**
 * What a request costs the service in JavaScript alone: the application of `bench:service`, in which requests
 * come from memory and PostgreSQL's answers are those that it gave the first time. Without network and export
 * a microsecond can be seen. Each mode in fresh processes, by turns. With the argument `instructions` it counts
 * them by valgrind, which has to be there: they are the same on a machine that is busy.
 *
 * Needs a PostgreSQL, as `bench:service`.
 */
const MODES: readonly Mode[] = ['bare', 'nestjs-tracing', 'nestjs-tracing, sampled out'];
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 6);
const TIMED = { warmUp: 12_000, batch: 1_500, batches: 12 };
const COUNTED = { warmUp: 8_000, batch: 1_000, batches: 1 };

const rows = process.argv.includes('instructions') ? await countAll() : await timeAll();
for (const line of table(rows)) console.log(line);

async function timeAll(): Promise<string[][]> {
  const figures = new Map<Mode, Batch[]>(MODES.map((mode) => [mode, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const mode of inOrder(MODES, round)) figures.get(mode)?.push(...(await time(mode)));
  }
  const head = ['main thread, of a request', 'least µs', 'low', 'median', 'high', 'allocated kB'];
  return [head, ...MODES.map((mode) => timesOf(mode, figures.get(mode) ?? []))];
}

async function time(mode: Mode): Promise<Batch[]> {
  const worker = await Worker.start(mode, TIMED);
  const batches = await worker.measure();
  worker.stop();
  return batches;
}

function timesOf(mode: Mode, batches: readonly Batch[]): string[] {
  const micros = batches.map((each) => each.micros);
  const { low, median, high } = spreadOf(micros);
  const bytes = spreadOf(batches.map((each) => each.bytes)).median;
  const times = [Math.min(...micros), low, median, high].map((figure) => figure.toFixed(1));
  return [mode, ...times, (bytes / 1000).toFixed(2)];
}

async function countAll(): Promise<string[][]> {
  const all = [['of a request', 'instructions', 'code not in cache', 'data not in cache']];
  for (const mode of MODES) {
    const { instructions, codeMisses, dataMisses } = await countInstructions(mode, COUNTED);
    all.push([mode, ...[instructions, codeMisses, dataMisses].map((figure) => figure.toFixed(0))]);
  }
  return all;
}
