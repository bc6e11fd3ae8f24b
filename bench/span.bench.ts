import type { Bench } from './bench.interface.js';
import { inChildProcess } from './child.js';
import type { Samples } from './measure.js';
import type { Kind } from './span/variants.js';
import { KINDS } from './span/variants.js';
import { spreadOf } from './statistics.js';
import { table } from './table.js';

const PROCESSES = 3;

const LABELS: Record<Kind, string> = {
  span: 'startSpan with 5 attributes, one more set, ended',
  active: "a user's own startActiveSpan",
};

/** The most that a call on our provider may take, as a share of the same on the SDK's. */
const BARS: Record<Kind, number> = { span: 0.33, active: 0.6 };

const bench: Bench = {
  title: "what a span costs on our provider and on the SDK's, with a processor that does nothing",
  async run() {
    const samples: Samples = {};
    for (let run = 0; run < PROCESSES; run += 1) {
      const some = await inChildProcess<Samples>('span/process.js', []);
      for (const [name, figures] of Object.entries(some)) (samples[name] ??= []).push(...figures);
    }
    return table([
      ['', 'SDK ns', 'ours ns', '÷ SDK [quartiles]', 'bar'],
      ...KINDS.map((kind) => row(samples, kind)),
    ]);
  },
};

export default bench;

function row(samples: Samples, kind: Kind): string[] {
  const [stock, own] = [samples[`stock ${kind}`] ?? [], samples[`own ${kind}`] ?? []];
  const [theirs, ours] = [spreadOf(stock).median, spreadOf(own).median];
  const shares = spreadOf(own.map((figure, round) => figure / (stock[round] ?? NaN)));
  const share = ours / theirs;
  const spread = `${share.toFixed(3)} [${shares.low.toFixed(3)}-${shares.high.toFixed(3)}]`;
  const bar = `${BARS[kind]} ${share <= BARS[kind] ? 'met' : 'MISSED'}`;
  return [LABELS[kind], theirs.toFixed(), ours.toFixed(), spread, bar];
}
