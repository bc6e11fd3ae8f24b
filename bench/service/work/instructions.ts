import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Mode } from '../modes.js';
import type { Load } from './worker.js';
import { Worker } from './worker.js';

const run = promisify(execFile);

/** Code that is made while it runs is looked at each time: V8 writes new code over old. */
const VALGRIND = ['--tool=callgrind', '--instr-atstart=no', '--smc-check=all-non-file'];
const CACHES = ['--cache-sim=yes'];
/** What callgrind counts, and what it is called here. */
const EVENTS = { instructions: 'Ir', codeMisses: 'I1mr', dataMisses: 'D1mr' } as const;

/** What a request takes, whatever else the machine does. */
export type Instructions = Record<keyof typeof EVENTS, number>;

/**
 * Counts what the processor does for a request, of all threads in one, on caches that valgrind simulates.
 *
 * @throws Error if valgrind is not there
 */
export async function countInstructions(mode: Mode, load: Load): Promise<Instructions> {
  const folder = await mkdtemp(join(tmpdir(), 'nestjs-tracing-callgrind-'));
  const output = `--callgrind-out-file=${folder}/out`;
  const worker = await Worker.start(mode, load, {
    execPath: 'valgrind',
    execArgv: [...VALGRIND, ...CACHES, output, process.execPath, '--single-threaded'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const control = (...args: string[]) => run('callgrind_control', [...args, String(worker.pid)]);
  await control('--instr=on');
  await control('--zero');
  await worker.measure();
  await control('--dump');
  worker.stop();
  const [dump = ''] = (await readdir(folder)).filter((name) => name.startsWith('out.'));
  const text = await readFile(join(folder, dump), 'utf8');
  await rm(folder, { recursive: true, force: true });
  return perRequest(text, load.batch * load.batches);
}

function perRequest(dump: string, requests: number): Instructions {
  const names = lineOf(dump, 'events');
  const totals = lineOf(dump, 'totals');
  const figure = (event: string) => Number(totals[names.indexOf(event)]) / requests;
  const entries = Object.entries(EVENTS).map(([name, event]) => [name, figure(event)]);
  return Object.fromEntries(entries) as Instructions;
}

function lineOf(dump: string, name: string): string[] {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(dump)?.[1]?.trim().split(' ') ?? [];
}
