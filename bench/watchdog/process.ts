import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { startWatched, threadMicros } from './watched-application.js';

const REQUESTS = 40_000;
const AT_ONCE = 10;
const LOOP_TURNS = 3e8;
const IDLE_MILLIS = 3000;

/** What one process has measured, with the watchdog on or off. */
export interface WatchdogFigures {
  /** Processor time of this thread for a request of five spans and ten turns of the loop. */
  readonly requestMicros: number;
  /** Processor time of this thread for one long block. */
  readonly blockMillis: number;
  readonly pokes: number;
  /** Part of a processor that this thread takes while nothing happens. */
  readonly idleShare: number;
}

const { app, tracing } = await startWatched(process.argv[2] === 'on');

await requests();
await sleep(500);
const requestMicros = await micros(requests);
await tracing.span('warm-up', () => Promise.resolve(block(LOOP_TURNS / 100)));
const before = tracing.stats().watchdog.pokes;
const blocked = await micros(() =>
  tracing.span('block', async () => {
    await turn();
    block(LOOP_TURNS);
  }),
);
await sleep(1000);
const pokes = tracing.stats().watchdog.pokes - before;
const idle = await micros(() => sleep(IDLE_MILLIS));
const figures: WatchdogFigures = {
  requestMicros: requestMicros / REQUESTS,
  blockMillis: blocked / 1000,
  pokes,
  idleShare: idle / (IDLE_MILLIS * 1000),
};
process.send?.(figures);
await app.close();
process.disconnect();

async function micros(work: () => Promise<unknown>): Promise<number> {
  const start = threadMicros();
  await work();
  return threadMicros() - start;
}

async function requests(): Promise<void> {
  for (let done = 0; done < REQUESTS; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, request));
  }
}

async function request(): Promise<void> {
  await tracing.span('request', async () => {
    for (let step = 0; step < 4; step += 1) await tracing.span('step', () => turn());
    for (let step = 0; step < 6; step += 1) await turn();
  });
}

function block(turns: number): number {
  let sum = 0;
  for (let at = 0; at < turns; at += 1) sum = (sum + at * 31) | 0;
  return sum;
}
