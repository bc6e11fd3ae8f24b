import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Of plain JavaScript, so that lines are those that Node sees. The compiled benches are two folders down. */
const FIXTURES = new URL('../../../test/watchdog/fixtures/', import.meta.url);

/** What came of the runs of one kind of block. */
export interface KindFigure {
  readonly name: string;
  readonly runs: number;
  readonly rightSpan: number;
  readonly rightLine: number;
  /** Innocent spans that were blamed. */
  readonly blamed: number;
  readonly causes: Readonly<Record<string, number>>;
}

/** Blocks in every kind so often, among 20 innocent spans, in a process of plain JavaScript. */
export async function measureKinds(runs: number): Promise<readonly KindFigure[]> {
  return figuresOf<readonly KindFigure[]>('table.mjs', [String(runs)]);
}

/** Milliseconds of the main thread's processor time for one poke. */
export async function measurePoke(): Promise<number> {
  const { millis } = await figuresOf<{ readonly millis: number }>('poke-cost.mjs', []);
  return millis;
}

async function figuresOf<T>(file: string, args: readonly string[]): Promise<T> {
  const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as const;
  const child = fork(fileURLToPath(new URL(file, FIXTURES)), [...args], { stdio: [...stdio] });
  const [figures] = (await once(child, 'message')) as [T];
  await once(child, 'exit');
  return figures;
}
