import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Runs a program and answers what it wrote to stdout.
 *
 * @throws Error with everything that it wrote, if it fails or takes longer than two minutes
 */
export async function run(file, args, cwd) {
  try {
    const { stdout } = await execute(file, args, { cwd, timeout: 120_000, maxBuffer: 2 ** 26 });
    return stdout;
  } catch (error) {
    const written = [error.stdout, error.stderr].filter(Boolean).join('\n').trim();
    throw new Error(`${file} ${args.join(' ')}\n${written || error.message}`);
  }
}

/** Calls a function for each item, at most so many at a time, and answers the results in order. */
export async function mapLimited(items, limit, fn) {
  const results = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await fn(item);
  };
  await Promise.all(Array.from({ length: limit }, work));
  return results;
}
