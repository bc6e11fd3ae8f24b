import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

const STOP_MILLIS = 15_000;

/**
 * Forks an application that ends when this process does.
 *
 * It gets a process group of its own: Ctrl-C reaches this process alone, which stops all in order. And
 * it gets no arguments of this Node: a loader for TypeScript is not for what is built.
 */
export function forkApp(file: URL, args: string[], options: ForkOptions): ChildProcess {
  const defaults: ForkOptions = { serialization: 'advanced', detached: true, execArgv: [] };
  return fork(file, args, { ...defaults, ...options });
}

/** Rejects when the process ends; never resolves. Nobody need listen to it. */
export function failureOf(child: ChildProcess, what: string): Promise<never> {
  const failed = rejectAtExit(child, what);
  failed.catch(() => {});
  return failed;
}

/** Asks a process to end, waits, and ends it the hard way if it does not. */
export async function stopChild(child: ChildProcess, ask: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  ask();
  const giveUp = new AbortController();
  const late = setTimeout(STOP_MILLIS, 'late', { signal: giveUp.signal });
  if ((await Promise.race([exit, late])) === 'late') child.kill('SIGKILL');
  giveUp.abort();
  await late.catch(() => {});
}

async function rejectAtExit(child: ChildProcess, what: string): Promise<never> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  throw new Error(`${what} ended by itself (${signal ?? `exit code ${code}`}).`);
}
