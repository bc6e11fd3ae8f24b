import { subscribe } from 'node:diagnostics_channel';
import { registerHooks } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { inOrder } from '../turns.js';

// Preloaded (`node --import`) into the service: under load it has the watchdog rest in every other turn, so
// that turns with it and without are those of one process, with one compiled code and one heap, a moment
// apart. Sends what the main thread has used for a request in each.

/** Microseconds of the main thread's processor time for a request. */
export interface WatchdogPair {
  readonly on: number;
  readonly off: number;
}

type Setting = keyof WatchdogPair;

/** What is used of the library's seam, which is no part of the package's entries. */
interface Seam {
  readonly SpanWatch: { readonly prototype: object };
  readonly OpenSpans: { readonly prototype: object };
  readonly WatchMemory: { readonly prototype: { addBeat(): void } };
}

const PAIRS = Number(process.env['BENCH_TURNS'] ?? 400);
const TURN_MILLIS = 300;
/** The heart beats four times more without a span. */
const REST_MILLIS = 150;
/** So many that the compiler has done with the service. */
const WARM_UP_REQUESTS = 15_000;

const BUILD = new URL('../../../', import.meta.url).href;
const JOINED = `${BUILD}libs/tracing/dist/`;
/** The same code before its files are joined: these have the seam as modules, which the package has not. */
const MODULES = `${BUILD}dist/tracing/`;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    return { ...resolved, url: resolved.url.replace(JOINED, MODULES) };
  },
});

const { SpanWatch, OpenSpans, WatchMemory } = await seam();
const { addBeat } = WatchMemory.prototype;
let isOn = true;
let beats = 0;
let served = 0;

onlyWhenOn(SpanWatch.prototype, 'wantsStart'); // else a span would wake it
onlyWhenOn(OpenSpans.prototype, 'hasAny'); // and keep it awake
WatchMemory.prototype.addBeat = function countedBeat(this: unknown): void {
  beats += 1;
  addBeat.call(this);
};
subscribe('http.server.request.start', () => (served += 1));
process.once('message', () => void takeTurns());

async function takeTurns(): Promise<void> {
  while (served < WARM_UP_REQUESTS) await sleep(TURN_MILLIS);
  const pairs: WatchdogPair[] = [];
  for (let pair = 0; pairs.length < PAIRS; pair += 1) {
    const micros: Record<Setting, number> = { on: NaN, off: NaN };
    for (const setting of inOrder<Setting>(['on', 'off'], pair))
      micros[setting] = await turn(setting);
    if (!Number.isNaN(micros.on + micros.off)) pairs.push(micros);
  }
  isOn = true;
  process.send?.({ pairs });
}

/** NaN if the watchdog was not as it should be, or nothing was served. */
async function turn(setting: Setting): Promise<number> {
  isOn = setting === 'on';
  await sleep(REST_MILLIS);
  const before = { beats, served, micros: threadMicros() };
  await sleep(TURN_MILLIS);
  const micros = threadMicros() - before.micros;
  const isObeyed = beats > before.beats === isOn;
  return isObeyed && served > before.served ? micros / (served - before.served) : NaN;
}

function threadMicros(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

function onlyWhenOn(prototype: object, name: string): void {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
  Object.defineProperty(prototype, name, {
    get(this: object): boolean {
      return isOn && (get?.call(this) as boolean);
    },
  });
}

async function seam(): Promise<Seam> {
  const files = ['span-watch.js', 'open-spans.js', 'thread/watch-memory.js'];
  const modules = files.map(
    (file) => import(`${MODULES}watchdog/${file}`) as Promise<Partial<Seam>>,
  );
  return Object.assign({}, ...(await Promise.all(modules))) as Seam;
}
