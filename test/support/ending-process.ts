import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TracingModuleOptions } from 'nestjs-tracing';

const FILE = fileURLToPath(new URL('../export/fixtures/ending.mjs', import.meta.url));

/** How a process ended and what it had to say. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
  /** Milliseconds from the signal, or from its being ready, to its end. */
  readonly millis: number;
}

/** What to start and how to end it. */
export interface EndingPlan {
  readonly way: string;
  readonly endpoint: string;
  readonly options?: TracingModuleOptions;
  /** Sent once it is ready and has ended its spans. */
  readonly signal?: NodeJS.Signals;
  /** What the signal waits for, instead of a short while. */
  readonly until?: () => Promise<unknown>;
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of Node. */
  readonly flags?: readonly string[];
  /** The program, if it is not the service of the fixtures. */
  readonly file?: string;
  readonly cwd?: string;
}

/** Runs a service in plain Node until it ends in the way that is asked for. */
export async function runToItsEnd(plan: EndingPlan): Promise<Ending> {
  const { way, endpoint, options = {}, flags = [], file = FILE, cwd } = plan;
  const args = [...flags, file, way, endpoint, JSON.stringify(options)];
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...plan.env } });
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => (output += String(data)));
  await Promise.race([once(child.stdout, 'data'), ended]);
  if (plan.signal !== undefined) {
    await (plan.until ?? (() => sleep(100)))();
    child.kill(plan.signal);
  }
  const start = performance.now();
  const [code, signal] = await ended;
  return { code, signal, output, millis: performance.now() - start };
}
