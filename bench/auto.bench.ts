import type { Footprint } from './auto/memory.js';
import type { Bench } from './bench.interface.js';
import { inChildProcess } from './child.js';
import { ReceiverProcess } from './export/receiver-process.js';
import type { Samples } from './measure.js';
import { addedRatio, spreadOf } from './statistics.js';
import { table } from './table.js';

const PROCESSES = 3;

const KINDS = ['sync', 'async'] as const;
type Kind = (typeof KINDS)[number];

/**
 * Where the methods of all classes are called from. Services are called from places of their own; one place
 * for all adds what a further call takes that V8 cannot make part of its caller.
 */
const PLACES = { own: 'each from its own place', one: 'all from one place' };

/** The most nanoseconds that an automatic method may add where no span records. */
const ADDED_NANOS = 15;
/** The most that calls which have a span together may add, as a share of what real spans add. */
const COLLAPSED_SHARE = 0.1;
/** The spans of very many calls: twenty, and one for all the others. */
const SPANS = 21;
const BYTES_PER_TRACE = 64;
const HOT_LOOP_MEGABYTES = 60;

const bench: Bench = {
  title: 'what an automatic span costs where there is none to make, and where very many repeat',
  async run() {
    const outside: string[][] = [];
    for (const [places, where] of Object.entries(PLACES)) {
      outside.push(...(await outsideRows('none', places, `no span around it, ${where}`)));
      outside.push(...(await outsideRows('sampled-out', places, `sampled out, ${where}`)));
      outside.push(...(await outsideRows('beside', places, `beside one that records, ${where}`)));
    }
    const receiver = await ReceiverProcess.start();
    const inside = await samplesOf('auto/inside.js', [receiver.url]);
    receiver.stop();
    const footprint = await inChildProcess<Footprint>('auto/memory.js', [], ['--expose-gc']);
    return [
      ...table([
        ['a call where no span records', 'bare ns', 'automatic ns', 'added', 'bar'],
        ...outside,
      ]),
      '',
      ...table([
        ['10,000 calls under one span', 'bare ns', '@Traced ns', 'automatic ns', 'share', 'bar'],
        ...KINDS.map((kind) => insideRow(inside, kind)),
      ]),
      '',
      ...table([
        ['', 'is', 'bar'],
        ...footprintRows(footprint).map(([label, is, bar]) => [
          label,
          is.toFixed(1),
          judged(is, bar),
        ]),
      ]),
    ];
  },
};

export default bench;

async function samplesOf(file: string, args: readonly string[]): Promise<Samples> {
  const all: Samples = {};
  for (let run = 0; run < PROCESSES; run += 1) {
    const some = await inChildProcess<Samples>(file, args);
    for (const [name, figures] of Object.entries(some)) (all[name] ??= []).push(...figures);
  }
  return all;
}

async function outsideRows(around: string, places: string, where: string): Promise<string[][]> {
  const samples = await samplesOf('auto/outside.js', [around, places]);
  return KINDS.map((kind) => outsideRow(samples, kind, where));
}

/** The faster quarter: whatever else runs on the machine adds to a call many times what we do. */
function outsideRow(samples: Samples, kind: Kind, where: string): string[] {
  const [bare, automatic] = ['bare', 'automatic'].map(
    (maker) => spreadOf(samples[`${maker} ${kind}`] ?? []).low,
  ) as [number, number];
  const added = automatic - bare;
  const figures = [bare, automatic, added].map((nanos) => nanos.toFixed(1));
  return [`${kind}, ${where}`, ...figures, judged(added, ADDED_NANOS)];
}

function insideRow(samples: Samples, kind: Kind): string[] {
  const [bare, real, automatic] = ['bare', 'real', 'automatic'].map(
    (maker) => samples[`${maker} ${kind}`] ?? [],
  ) as [number[], number[], number[]];
  const share = addedRatio(automatic, real, bare);
  return [
    kind,
    ...[bare, real, automatic].map((figures) => spreadOf(figures).median.toFixed(1)),
    `${share.median.toFixed(3)} [${share.low.toFixed(3)}-${share.high.toFixed(3)}]`,
    judged(share.median, COLLAPSED_SHARE),
  ];
}

function footprintRows(footprint: Footprint): [label: string, is: number, bar: number][] {
  return [
    ['spans exported of 10,000 calls under one span', footprint.exported, SPANS],
    ['bytes that a trace of 50 calls leaves behind', footprint.bytesPerTrace, BYTES_PER_TRACE],
    ['MB that 1,000,000 calls under one span take', footprint.hotLoopMegabytes, HOT_LOOP_MEGABYTES],
  ];
}

function judged(is: number, bar: number): string {
  return `${bar} ${is <= bar ? 'met' : 'MISSED'}`;
}
