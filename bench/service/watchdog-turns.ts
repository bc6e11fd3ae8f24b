import { ReceiverProcess } from '../export/receiver-process.js';
import { medianInterval, spreadOf } from '../statistics.js';
import { table } from '../table.js';
import { load } from './load.js';
import { ServiceProcess } from './service-process.js';
import type { WatchdogPair } from './watchdog.preload.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 2);
const CONNECTIONS = 32;
const SECONDS = 5;
/** Of the main thread's time without it. */
const BAR = 0.01;

/**
 * What watching costs in a whole service: short turns with the watchdog on and at rest, in changing order,
 * in one process and under one load, some hundred pairs of them. The two of a pair have the same moment of
 * the machine, so the median of what they differ by can be told far better than either figure.
 */
export async function watchdogTurns(): Promise<string[]> {
  const receiver = await ReceiverProcess.start();
  const pairs: WatchdogPair[] = [];
  for (let round = 0; round < ROUNDS; round += 1) pairs.push(...(await runRound(receiver.url)));
  receiver.stop();
  return report(pairs);
}

async function runRound(sink: string): Promise<WatchdogPair[]> {
  const service = await ServiceProcess.start('nestjs-tracing', import.meta.dirname, sink, [
    '--import',
    `${import.meta.dirname}/watchdog.preload.js`,
  ]);
  await service.ask('begin');
  let pairs: WatchdogPair[] | undefined;
  const told = service.told<{ pairs: WatchdogPair[] }>().then((message) => (pairs = message.pairs));
  while (pairs === undefined) await load(service.url, CONNECTIONS, SECONDS);
  await told;
  await service.stop();
  return pairs;
}

function report(pairs: readonly WatchdogPair[]): string[] {
  const median = (setting: keyof WatchdogPair): string =>
    spreadOf(pairs.map((pair) => pair[setting])).median.toFixed(1);
  const added = medianInterval(pairs.map(({ on, off }) => on - off));
  const share = medianInterval(pairs.map(({ on, off }) => on / off - 1));
  const interval = ({ low, median: middle, high }: typeof added, unit: number): string =>
    `${(middle * unit).toFixed(2)} [${(low * unit).toFixed(2)} to ${(high * unit).toFixed(2)}]`;
  return [
    `the watchdog, ${pairs.length} pairs of turns: processor time of the main thread for a request`,
    ...table([
      ['at rest, µs', median('off')],
      ['watching, µs', median('on')],
      ['a pair differs by [95 % interval], µs', interval(added, 1)],
      ['as a share, %', interval(share, 100)],
    ]),
    `bar ${100 * BAR} %: ${verdict(share)}`,
  ];
}

/** Only what lies on one side of the bar, with all of its interval, is told. */
function verdict({ low, high }: { readonly low: number; readonly high: number }): string {
  if (high <= BAR) return 'met';
  return low > BAR ? 'MISSED' : 'not to be told from noise; more BENCH_TURNS, or a machine at rest';
}
