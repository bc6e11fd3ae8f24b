import { ReceiverProcess } from '../export/receiver-process.js';
import { inOrder } from '../turns.js';
import { Contestant } from './contestant.js';
import type { Figures } from './contestant.js';
import { MODES, ON_REQUEST, speaksOtlp } from './modes.js';
import type { Mode } from './modes.js';
import { report } from './report.js';
import { folderOf } from './rivals.js';
import { ServiceProcess } from './service-process.js';
import { watchdogTurns } from './watchdog-turns.js';

/**
 * The same Nest application (Fastify, nestjs-pino, TypeORM on PostgreSQL, three decorated methods and
 * three queries a request), each mode in a process of its own. Two rounds with fresh processes; in
 * each, the modes take short turns, so that whatever else the machine does meets all of them alike.
 * Prints medians, and shares of bare as it was in the same turn. Arguments are the modes to run, or
 * `watchdog`: what that alone costs.
 *
 * Needs a PostgreSQL: BENCH_PG_HOST, _PORT, _USER, _PASSWORD, _DATABASE; 127.0.0.1:5432, postgres, test.
 */
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 2);
const TURNS = Number(process.env['BENCH_TURNS'] ?? 6);
const SECONDS = 1.5;

if (process.argv[2] === 'watchdog') {
  for (const line of await watchdogTurns()) console.log(line);
  process.exit();
}

const receivers = {
  otlp: await ReceiverProcess.start(),
  rivals: await ReceiverProcess.start(`${import.meta.dirname}/rival-receiver.js`),
};
const folders = await prepare(wanted(process.argv.slice(2)));
const figures = new Map<Mode, Figures[]>([...folders.keys()].map((mode) => [mode, []]));
for (let round = 0; round < ROUNDS; round += 1) await runRound(round);
receivers.otlp.stop();
receivers.rivals.stop();
for (const line of report(figures)) console.log(line);

function wanted(names: readonly string[]): Mode[] {
  const unknown = names.filter((name) => !MODES.includes(name as Mode));
  if (unknown.length > 0) {
    throw new Error(`There is no mode ${unknown.join(', ')}. There are: ${MODES.join('; ')}.`);
  }
  return MODES.filter((mode) =>
    names.length === 0 ? !ON_REQUEST.has(mode) : mode === 'bare' || names.includes(mode),
  );
}

/** What is not to be had, for want of a registry, is left out. */
async function prepare(modes: readonly Mode[]): Promise<Map<Mode, string>> {
  const found = new Map<Mode, string>();
  for (const mode of modes) {
    try {
      found.set(mode, await folderOf(mode));
    } catch (error) {
      console.log(`${mode} is left out, it could not be installed: ${String(error)}`);
    }
  }
  return found;
}

async function runRound(round: number): Promise<void> {
  const contestants: Contestant[] = [];
  for (const [mode, folder] of folders) contestants.push(await enter(mode, folder));
  if (round === 0) introduce(contestants);
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const contestant of inOrder(contestants, turn)) {
      figures.get(contestant.mode)?.push(await contestant.measure(SECONDS));
    }
  }
  for (const { service } of contestants) await service.stop();
}

async function enter(mode: Mode, folder: string): Promise<Contestant> {
  const receiver = speaksOtlp(mode) ? receivers.otlp : receivers.rivals;
  const service = await ServiceProcess.start(mode, folder, receiver.url);
  const contestant = new Contestant(mode, service, receiver);
  await contestant.warmUp();
  return contestant;
}

function introduce(contestants: readonly Contestant[]): void {
  const all = contestants.map(({ mode, service }) => `${mode}: Nest ${service.nest}`);
  console.log(`Node ${process.version}; ${all.join('; ')}`);
}
