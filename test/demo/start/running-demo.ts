import { setTimeout } from 'node:timers/promises';
import { openDatabase } from './database.js';
import { freePort } from './free-port.js';
import { say } from './say.js';
import { ServiceProcess } from './service-process.js';
import { ViewerProcess } from './viewer-process.js';

const START_MILLIS = 60_000;

/** The demo as it runs. */
export interface RunningDemo {
  readonly viewer: ViewerProcess;
  /** The service that is asked; it asks the others. */
  readonly lookup: ServiceProcess;
  /** Rejects if a process of the demo ends by itself; never resolves. */
  readonly failed: Promise<never>;
}

type Services = readonly [lookup: ServiceProcess, ...others: ServiceProcess[]];

/**
 * Starts viewer, PostgreSQL and services, and waits until all of them listen.
 *
 * @param stops Gets what stops each: the last first, so that nothing stops before those that ask it.
 * @param options `showsPage`: says where the page is, before anything else starts
 * @throws Error if one of them ends by itself or is not ready in time
 */
export async function startDemo(
  stops: AsyncDisposableStack,
  { showsPage }: { readonly showsPage: boolean },
): Promise<RunningDemo> {
  const collectorPort = await freePort(4317, 'OTLP over gRPC', say);
  const httpPort = await freePort(4318, 'OTLP over HTTP', say);
  const viewer = stoppedBy(stops, new ViewerProcess(collectorPort, httpPort));
  if (showsPage) {
    await Promise.race([viewer.ready(), viewer.failed, startLimit()]);
    say(`\n  The traces are on a page: http://localhost:${httpPort}\n`);
  }
  const database = stoppedBy(stops, await openDatabase());
  const services = await startServices(database.url, collectorPort, stops);
  viewer.readLogs(services.map(({ lines }) => lines));
  const failed = firstOf([viewer, database, ...services].map((part) => part.failed));
  const ready = Promise.all([viewer, ...services].map((part) => part.ready()));
  await Promise.race([ready, failed, startLimit()]);
  return { viewer, lookup: services[0], failed };
}

/**
 * Starts each on a port that is chosen right before, so that it is still free. The lookup service
 * starts last and stops first. The sealing service is there if there is a Redis.
 */
async function startServices(
  databaseUrl: string,
  collectorPort: number,
  stops: AsyncDisposableStack,
): Promise<Services> {
  const start = async (name: string, entry: string, preferred: number, env = {}) => {
    const port = await freePort(preferred, `the ${name} service`, say);
    return stoppedBy(stops, new ServiceProcess({ name, entry, port, collectorPort, env }));
  };
  const stock = { STOCK_PORT: `${await freePort(3003, "the stock's messages", say)}` };
  const pricing = await start('pricing', 'pricing/main.js', 3001, stock);
  const hasRedis = Boolean(process.env['REDIS_URL']);
  const sealing = hasRedis ? [await start('sealing', 'sealing/main.js', 3002)] : [];
  const env = { DATABASE_URL: databaseUrl, PRICING_URL: pricing.url, ...stock };
  return [await start('lookup', 'main.js', 3000, env), pricing, ...sealing];
}

function stoppedBy<T extends { stop(): Promise<void> }>(stops: AsyncDisposableStack, part: T): T {
  return stops.adopt(part, () => part.stop());
}

/** Rejects with the first of them that does; nobody need listen to it. */
function firstOf(failures: readonly Promise<never>[]): Promise<never> {
  const first = Promise.race(failures);
  first.catch(() => {});
  return first;
}

async function startLimit(): Promise<never> {
  await setTimeout(START_MILLIS, undefined, { ref: false });
  throw new Error(`The demo is not ready after ${START_MILLIS / 1_000} s.`);
}
