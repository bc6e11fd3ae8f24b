import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { load } from './load.js';
import type { LoadFigures } from './load.js';
import { MODES } from './modes.js';
import type { Mode, ServiceUsage } from './modes.js';

/**
 * The same Nest application (Fastify, nestjs-pino, TypeORM on PostgreSQL, three decorated methods and
 * three queries a request), each mode in a process of its own, in turn, three rounds. Prints medians.
 * Needs a PostgreSQL: BENCH_PG_HOST, _PORT, _USER, _PASSWORD, _DATABASE; 127.0.0.1:5432, postgres, test.
 */
const ROUNDS = 3;
const CONNECTIONS = 32;
const WARM_UP_SECONDS = 2;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);

type Figures = LoadFigures & {
  readonly rssMegabytes: number;
  /** Processor time of the service a request: the figure that other work on the machine distorts least. */
  readonly cpuMillisPerRequest: number;
  readonly otlpKilobytesPerSecond: number;
};

const receiver = fork(`${import.meta.dirname}/receiver.js`);
const { port } = await answer<{ port: number }>(receiver);
const rounds = new Map<Mode, Figures[]>(MODES.map((mode) => [mode, []]));

for (let round = 0; round < ROUNDS; round += 1) {
  for (const mode of round % 2 === 0 ? MODES : MODES.toReversed()) {
    rounds.get(mode)?.push(await measure(mode));
  }
}
receiver.disconnect();
print();

async function measure(mode: Mode): Promise<Figures> {
  const service = fork(`${import.meta.dirname}/service.js`, [mode, `http://127.0.0.1:${port}`]);
  const url = `http://127.0.0.1:${(await answer<{ port: number }>(service)).port}/orders`;
  await load(url, CONNECTIONS, WARM_UP_SECONDS);
  await received();
  const before = await usage(service, 'usage');
  const figures = await load(url, CONNECTIONS, SECONDS);
  const otlpKilobytesPerSecond = (await received()) / 1024 / SECONDS;
  const { cpuMillis, rssMegabytes } = await usage(service, 'stop');
  await once(service, 'exit');
  const requests = figures.requestsPerSecond * SECONDS;
  const cpuMillisPerRequest = (cpuMillis - before.cpuMillis) / requests;
  return { ...figures, rssMegabytes, cpuMillisPerRequest, otlpKilobytesPerSecond };
}

function usage(service: ChildProcess, wish: 'usage' | 'stop'): Promise<ServiceUsage> {
  service.send(wish);
  return answer(service);
}

async function received(): Promise<number> {
  receiver.send('count');
  return (await answer<{ received: number }>(receiver)).received;
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
}

function median(mode: Mode, figure: keyof Figures): number {
  const values = (rounds.get(mode) ?? []).map((each) => each[figure]).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? NaN;
}

function print(): void {
  const rows = MODES.map((mode) => ({
    mode,
    'requests/s': Math.round(median(mode, 'requestsPerSecond')),
    'p50 ms': Number(median(mode, 'p50Millis').toFixed(2)),
    'p99 ms': Number(median(mode, 'p99Millis').toFixed(2)),
    'CPU ms/request': Number(median(mode, 'cpuMillisPerRequest').toFixed(3)),
    'RSS MB': Math.round(median(mode, 'rssMegabytes')),
    'OTLP kB/s': Math.round(median(mode, 'otlpKilobytesPerSecond')),
    'throughput of bare': ratio(mode, 'requestsPerSecond'),
    'p99 of bare': ratio(mode, 'p99Millis'),
  }));
  console.table(rows);
}

function ratio(mode: Mode, figure: keyof Figures): number {
  return Number((median(mode, figure) / median('bare', figure)).toFixed(2));
}
