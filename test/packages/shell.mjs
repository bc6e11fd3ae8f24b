import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Whatever runs longer hangs: an installation on a machine that does other things may take minutes. */
const MOST_MILLIS = 600_000;

/**
 * Runs a program and answers what it wrote to stdout.
 *
 * @throws Error with everything that it wrote, if it fails or takes longer than ten minutes
 */
export async function run(file, args, cwd) {
  try {
    const { stdout } = await execute(file, args, {
      cwd,
      timeout: MOST_MILLIS,
      maxBuffer: 2 ** 26,
    });
    return stdout;
  } catch (error) {
    const written = [error.stdout, error.stderr].filter(Boolean).join('\n').trim();
    const killed = error.killed ? `killed after ${MOST_MILLIS} ms` : error.message;
    throw new Error(`${file} ${args.join(' ')}\n${written || killed}`);
  }
}

/**
 * Calls a function for each item, at most so many at a time, and answers the results in order.
 *
 * @throws what the first call has thrown, once none runs any more
 */
export async function mapLimited(items, limit, fn) {
  const results = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await fn(item);
  };
  const settled = await Promise.allSettled(Array.from({ length: limit }, work));
  const failed = settled.find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results;
}
