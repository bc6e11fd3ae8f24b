import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** An embedded PostgreSQL that runs. */
export interface EmbeddedPostgres {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts PGlite behind a socket, in a process of its own: a slow statement would block the event loop
 * of the tests. It takes a few seconds.
 */
export async function startPglite(): Promise<EmbeddedPostgres> {
  const child = fork(new URL('./pglite-process.ts', import.meta.url), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const port = await listeningPort(child);
  return { host: '127.0.0.1', port, stop: () => stop(child) };
}

async function listeningPort(child: ChildProcess): Promise<number> {
  const [answer] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
  const port = (answer as { port?: number } | null)?.port;
  if (port === undefined) throw new Error('The embedded PostgreSQL did not start.');
  return port;
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.disconnect();
  await exited;
}
