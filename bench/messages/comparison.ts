import { addedRatio, spreadOf } from '../statistics.js';
import type { Spread } from '../statistics.js';
import { Conversation } from './conversation.js';
import type { Mode } from './modes.js';

const WARM_UP_MESSAGES = 10_000;
const TURNS = 12;
const MESSAGES = 3000;

/** The most that tracing may add, as a share of what contrib adds. */
const CONTRIB_BAR = 0.4;
/** The most that a message that is sampled out may take, as a multiple of a bare one. */
const SAMPLED_OUT_BAR = 1.05;

type Figures = Readonly<Record<Mode, readonly number[]>>;

/** The head of the rows that are compared. */
export const HEAD: readonly string[] = ['', 'µs a message', 'added', 'bar'];

/** Lets conversations over one transport take turns, and answers a row for each mode. */
export async function comparedOver(
  subject: string,
  over: string,
  modes: readonly Mode[],
  receiver: string,
): Promise<string[][]> {
  const start = (mode: Mode) => Conversation.start(subject, over, mode, receiver);
  return rowsOf(await measure(modes, start), modes);
}

/** Each mode in a process of its own, in turns, so that a slow moment of the machine falls on all of them. */
async function measure(
  modes: readonly Mode[],
  start: (mode: Mode) => Promise<Conversation>,
): Promise<Figures> {
  const figures: Record<Mode, number[]> = {
    bare: [],
    'nestjs-tracing': [],
    'sampled out': [],
    contrib: [],
  };
  const all: Conversation[] = [];
  for (const mode of modes) {
    const conversation = await start(mode);
    await conversation.turn(WARM_UP_MESSAGES);
    all.push(conversation);
  }
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const conversation of turn % 2 === 0 ? all : all.toReversed()) {
      figures[conversation.mode].push((await conversation.turn(MESSAGES)).mainMicros);
    }
  }
  for (const conversation of all) await conversation.stop();
  return figures;
}

function rowsOf(figures: Figures, modes: readonly Mode[]): string[][] {
  const bare = spreadOf(figures.bare).median;
  return modes.map((mode) => {
    const { median } = spreadOf(figures[mode]);
    const cells = [`  ${mode}`, median.toFixed(1)];
    if (mode === 'bare') return cells;
    return [...cells, (median - bare).toFixed(1), ...verdicts(mode, figures)];
  });
}

function verdicts(mode: Mode, figures: Figures): string[] {
  if (mode === 'sampled out') {
    const shares = figures[mode].map((own, turn) => own / (figures.bare[turn] ?? NaN));
    return [verdict('× bare', spreadOf(shares), SAMPLED_OUT_BAR, 3)];
  }
  if (mode === 'contrib' || figures.contrib.length === 0) return [];
  const ratio = addedRatio(figures[mode], figures.contrib, figures.bare);
  return [verdict('of what contrib adds', ratio, CONTRIB_BAR, 2)];
}

function verdict(what: string, { low, median, high }: Spread, bar: number, digits: number): string {
  const [a, b, c] = [median, low, high].map((figure) => figure.toFixed(digits));
  return `${a} [${b}-${c}] ${what}, bar ${bar} ${median <= bar ? 'met' : 'MISSED'}`;
}
