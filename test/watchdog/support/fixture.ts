import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How a program ended, and what it said. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What to run it with. */
export interface RunPlan {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The Node to run it. Default: the one that runs this. */
  readonly node?: string;
  /** Told of the process while it runs, with what it has said so far. */
  readonly meanwhile?: (child: ChildProcess, said: () => string) => Promise<void>;
}

/** Runs a program of the fixtures in plain Node, on the built package, to its end. */
export async function runFixture(
  file: string,
  args: readonly string[] = [],
  { flags = [], env = {}, node = process.execPath, meanwhile }: RunPlan = {},
): Promise<Outcome> {
  const path = fileURLToPath(new URL(`../fixtures/${file}`, import.meta.url));
  const child = spawn(node, [...flags, path, ...args], { env: { ...process.env, ...env } });
  const closed = once(child, 'close') as Promise<[number | null, string | null]>;
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => (stdout += String(data)));
  child.stderr.on('data', (data) => (stderr += String(data)));
  await meanwhile?.(child, () => stdout + stderr);
  const [code, signal] = await closed;
  return { code, signal, stdout, stderr };
}

/** Runs it and reads its last line, which is JSON. */
export async function factsOf<T>(
  file: string,
  args: readonly string[] = [],
  plan: RunPlan = {},
): Promise<T> {
  const { code, stdout, stderr } = await runFixture(file, args, plan);
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !/^[[{]/.test(last))
    throw new Error(`${file} ended with code ${code}:\n${stdout}\n${stderr}`);
  return JSON.parse(last) as T;
}
