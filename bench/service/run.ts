import { ReceiverProcess } from '../export/receiver-process.js';
import { load } from './load.js';
import { MODES } from './modes.js';
import type { Mode } from './modes.js';
import { bars, rows } from './report.js';
import type { Figures } from './report.js';
import { ServiceProcess } from './service-process.js';

/**
 * The same Nest application (Fastify, nestjs-pino, TypeORM on PostgreSQL, three decorated methods and
 * three queries a request), each mode in a process of its own. Three rounds with fresh processes; in
 * each, the modes take short turns, so that whatever else the machine does meets all of them alike.
 * Prints medians, and shares of bare as it was in the same turn.
 *
 * Needs a PostgreSQL: BENCH_PG_HOST, _PORT, _USER, _PASSWORD, _DATABASE; 127.0.0.1:5432, postgres, test.
 */
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const TURNS = Number(process.env['BENCH_TURNS'] ?? 8);
const SECONDS = 2;
/** So many that the compiler has done with every mode, however busy the machine is. */
const WARM_UP_REQUESTS = 20_000;
const CONNECTIONS = 32;
const PROBES = 20;

interface Contestant {
  readonly mode: Mode;
  readonly service: ServiceProcess;
  readonly spansPerRequest: number;
}

const receiver = await ReceiverProcess.start();
const figures = new Map<Mode, Figures[]>(MODES.map((mode) => [mode, []]));
for (let round = 0; round < ROUNDS; round += 1) await runRound();
receiver.stop();
console.table(rows(figures));
for (const line of bars(figures)) console.log(line);

async function runRound(): Promise<void> {
  const contestants: Contestant[] = [];
  for (const mode of MODES) contestants.push(await enter(mode));
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const contestant of turn % 2 === 0 ? contestants : contestants.toReversed()) {
      figures.get(contestant.mode)?.push(await measure(contestant));
    }
  }
  for (const { service } of contestants) await service.stop();
}

async function enter(mode: Mode): Promise<Contestant> {
  const service = await ServiceProcess.start(mode, receiver.url);
  const spansPerRequest = await countSpans(service);
  await warmUp(service);
  return { mode, service, spansPerRequest };
}

async function warmUp(service: ServiceProcess): Promise<void> {
  for (let served = 0; served < WARM_UP_REQUESTS;) {
    served += (await load(service.url, CONNECTIONS, 1)).requestsPerSecond;
  }
  await service.ask('flush');
}

/** What is left to send when the time is up is sent before the next one's turn. */
async function measure({ service, spansPerRequest }: Contestant): Promise<Figures> {
  const [before, receivedBefore] = [await service.ask('usage'), await receiver.received()];
  const seen = await load(service.url, CONNECTIONS, SECONDS);
  const { cpuMillis, rssMegabytes } = await service.ask('flush');
  const requests = seen.requestsPerSecond * SECONDS;
  return {
    ...seen,
    rssMegabytes,
    cpuMillisPerRequest: (cpuMillis - before.cpuMillis) / requests,
    spansPerRequest,
    receivedPerRequest: ((await receiver.received()) - receivedBefore) / requests,
  };
}

/** How many spans a request has when nothing is dropped: whoever records less has an easy game. */
async function countSpans(service: ServiceProcess): Promise<number> {
  await service.ask('flush');
  const before = await receiver.received();
  for (let n = 1; n <= PROBES; n += 1) await (await fetch(`${service.url}/${n}`)).text();
  await service.ask('flush');
  return ((await receiver.received()) - before) / PROBES;
}
