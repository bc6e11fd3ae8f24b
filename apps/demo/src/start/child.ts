import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

const STOP_MILLIS = 15_000;

/**
 * Forks an application that ends when this process does.
 *
 * It gets a process group of its own: Ctrl-C reaches `start` alone, which stops all in order.
 */
export function forkApp(path: string, args: string[], options: ForkOptions): ChildProcess {
  const file = new URL(path, import.meta.url);
  return fork(file, args, { serialization: 'advanced', detached: true, ...options });
}

/** Rejects when the process ends; never resolves. */
export async function ended(child: ChildProcess, what: string): Promise<never> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  throw new Error(`${what} ended by itself (${signal ?? `exit code ${code}`}).`);
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
