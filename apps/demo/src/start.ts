import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { awaitTraces } from './start/await-traces.js';
import { CONCURRENT_REQUESTS, DATABASE_REQUESTS, type DemoRequest } from './start/demo-requests.js';
import { freePort } from './start/free-port.js';
import { ServiceProcess } from './start/service-process.js';
import { ViewerProcess } from './start/viewer-process.js';

const REQUESTS = [...CONCURRENT_REQUESTS, ...DATABASE_REQUESTS];
type Services = readonly [lookup: ServiceProcess, ...others: ServiceProcess[]];
/** Where each listens. The sealing service is there if there is a Redis. */
type Ports = Readonly<Record<'lookup' | 'pricing' | 'sealing', number>>;

const START_MILLIS = 60_000;
const TRACES_MILLIS = 20_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
  say('Starting the trace viewer, PostgreSQL, the lookup and the pricing service …');
  const grpcPort = await freePort(4317, 'OTLP over gRPC', say);
  const httpPort = await freePort(4318, 'OTLP over HTTP', say);
  const ports: Ports = {
    lookup: await freePort(3000, 'the lookup service', say),
    pricing: await freePort(3001, 'the pricing service', say),
    sealing: await freePort(3002, 'the sealing service', say),
  };
  const viewer = new ViewerProcess(grpcPort, httpPort);
  const services = startServices(ports, grpcPort);
  const failed = [viewer, ...services].map((each) => each.failed);
  try {
    return await Promise.race([show(viewer, services, values.once), ...failed]);
  } finally {
    for (const service of services) await service.stop();
    await viewer.stop();
  }
}

/** The lookup service comes first, and stops first: it calls the others. */
function startServices(ports: Ports, collectorPort: number): Services {
  const start = (name: keyof Ports, file: string, env: NodeJS.ProcessEnv = {}): ServiceProcess =>
    new ServiceProcess({ name, file, port: ports[name], collectorPort, env });
  const pricing = start('pricing', '../pricing/main.js');
  const lookup = start('lookup', '../main.js', { PRICING_URL: pricing.url });
  if (!process.env['REDIS_URL']) return [lookup, pricing];
  return [lookup, pricing, start('sealing', '../sealing/main.js')];
}

async function show(viewer: ViewerProcess, services: Services, isOnce: boolean): Promise<number> {
  const [service] = services;
  viewer.readLogs(services.map(({ lines }) => lines));
  const ready = Promise.all([viewer, ...services].map((each) => each.ready()));
  await Promise.race([ready, startLimit()]);
  const answers = await sendAll(service.url);
  const problems = [...answers, ...(await awaitTraces(viewer, REQUESTS, TRACES_MILLIS))];
  report(problems);
  if (!isOnce) await serve(service.url);
  return isOnce && problems.length > 0 ? 1 : 0;
}

async function startLimit(): Promise<never> {
  await setTimeout(START_MILLIS, undefined, { ref: false });
  throw new Error(`Viewer and services are not ready after ${START_MILLIS / 1_000} s.`);
}

/** Answers what is wrong with the responses. */
async function sendAll(url: string): Promise<string[]> {
  const answers = await Promise.all(CONCURRENT_REQUESTS.map((request) => send(url, request)));
  for (const request of DATABASE_REQUESTS) answers.push(await send(url, request));
  return answers.flat();
}

async function send(service: string, request: DemoRequest): Promise<string[]> {
  const { method = 'GET', path, remark } = request;
  const url = `${service}${path}`;
  const { status } = await fetch(url, { method, signal: AbortSignal.timeout(TRACES_MILLIS) });
  say([`${method} ${url} → ${status}`, ...(remark ? [`(${remark})`] : [])].join('  '));
  return status === request.status ? [] : [`${url}: ${status} instead of ${request.status}`];
}

function report(problems: readonly string[]): void {
  const requests = `${REQUESTS.length} requests, most at the same time, one of them broken`;
  if (problems.length === 0) {
    say(`\n${requests}: every trace is complete, every audit linked, every log line joined.`);
    return;
  }
  say(`\n${requests}, but not all is as it should be after ${TRACES_MILLIS / 1_000} s:`);
  for (const problem of problems) say(`  ✗ ${problem}`);
}

async function serve(url: string): Promise<void> {
  say(`\nSend more and watch them appear here; Ctrl-C stops everything:\n`);
  say(`  curl ${url}/lookup/user:42`);
  say(`  curl ${url}/profile/user:42`);
  say(`  curl ${url}/seal/user:42`);
  say(`  curl ${url}/lookup/broken`);
  say(`  curl ${url}/quotes/user:42`);
  say(`  curl -X POST ${url}/imports/user:77`);
  say(`  curl ${url}/reports/shards`);
  say(`  curl ${url}/keys/one-by-one`);
  say(`  curl ${url}/keys`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  say('\nStopping …');
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
