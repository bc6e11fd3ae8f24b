import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Starts PostgreSQL (PGlite, in memory) in a process of its own and answers its URL.
 *
 * That process lives exactly as long as this one: it ends when the channel between them closes.
 */
export async function startEmbeddedPostgres(): Promise<string> {
  const child = fork(new URL('./embedded-postgres.process.js', import.meta.url), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = await Promise.race([firstMessage(child), earlyExit(child)]);
  child.unref();
  child.channel?.unref();
  return url;
}

async function firstMessage(child: ChildProcess): Promise<string> {
  const [url] = (await once(child, 'message')) as [string];
  return url;
}

async function earlyExit(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(
    `The embedded PostgreSQL ended with code ${code}. Set DATABASE_URL to use a server of yours.`,
  );
}
