import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A host of offloaded tasks in a process of its own. */
export interface HostProcess {
  readonly pid: number;
  /** What it wrote to stderr. */
  readonly errors: () => string;
  /** Sends a signal and waits for its end; answers the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts a host in plain Node on the built package and waits until it is ready.
 *
 * @param options what the fixture takes: options of a host, as JSON
 * @param fixture `host`, without an SDK, or `nest-host`, an application that exports its own spans
 */
export async function startHost(
  options: object,
  fixture: 'host' | 'nest-host' = 'host',
): Promise<HostProcess> {
  const file = fileURLToPath(new URL(`../fixtures/${fixture}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [file, JSON.stringify(options)]);
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  let errors = '';
  child.stderr.on('data', (data) => (errors += String(data)));
  const failed = ended.then(([code]) => {
    throw new Error(`the host ended with ${code} before it was ready: ${errors}`);
  });
  await Promise.race([once(child.stdout, 'data'), failed]);
  failed.catch(() => undefined); // it ends some time
  child.stdout.resume();
  return {
    pid: child.pid!,
    errors: () => errors,
    end: async (signal = 'SIGTERM') => {
      child.kill(signal);
      return (await ended)[0];
    },
  };
}
