// What `npm start` runs: it starts the demo, sends requests, shows their traces and checks them.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { CONCURRENT_REQUESTS, DATABASE_REQUESTS, LIVE_MESSAGE } from '../checks/demo-requests.js';
import { awaitTraces } from './await-traces.js';
import { startDemo, type RunningDemo } from './running-demo.js';
import { say } from './say.js';
import { sendRequests } from './send-requests.js';

const REQUESTS = [...CONCURRENT_REQUESTS, ...DATABASE_REQUESTS, LIVE_MESSAGE];
const TRACES_MILLIS = 20_000;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
  say('Starting the trace viewer, PostgreSQL, the lookup and the pricing service …');
  await using stops = new AsyncDisposableStack();
  const demo = await startDemo(stops, { showsPage: !values.once });
  return await Promise.race([show(demo, values.once), demo.failed]);
}

async function show({ viewer, lookup }: RunningDemo, isOnce: boolean): Promise<number> {
  const answers = await sendRequests(lookup.url, TRACES_MILLIS);
  const problems = [...answers, ...(await awaitTraces(viewer, REQUESTS, TRACES_MILLIS))];
  report(problems);
  if (!isOnce) await serve(lookup.url);
  return isOnce && problems.length > 0 ? 1 : 0;
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
  say(`  curl ${url}/blocked/user:42`);
  say(`  curl ${url}/freed/user:42`);
  say(`  curl ${url}/lookup/broken`);
  say(`  curl ${url}/quotes/user:42`);
  say(`  curl -X POST ${url}/orders/user:42`);
  say(`  curl -X POST ${url}/imports/user:77`);
  say(`  curl ${url}/reports/shards`);
  say(`  curl ${url}/keys/one-by-one`);
  say(`  curl ${url}/keys`);
  say(`  curl ${url}/graphql --json '{"query":"{ lookup(key: \\"user:42\\") { values } }"}'`);
  say(`  open ${url}/live`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  say('\nStopping …');
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
