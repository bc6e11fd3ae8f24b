import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { failureOf, forkApp, stopChild } from './child-app.js';

/** An embedded PostgreSQL that runs. */
export interface EmbeddedPostgres {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Rejects if it ends; never resolves. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Starts PGlite behind a socket, in a process of its own: a slow statement would block the event loop
 * of the tests. It takes a few seconds.
 */
export async function startPglite(): Promise<EmbeddedPostgres> {
  const child = forkApp(new URL('./pglite-process.ts', import.meta.url), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const failed = failureOf(child, 'The embedded PostgreSQL');
  const port = await Promise.race([listeningPort(child), failed]);
  return {
    host: '127.0.0.1',
    port,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    failed,
    stop: () => stopChild(child, () => child.disconnect()),
  };
}

async function listeningPort(child: ChildProcess): Promise<number> {
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return port;
}
