import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a compiled file of this folder in a process of its own and answers what it sends with
 * `process.send`: its compiled code and its globals are nobody else's.
 *
 * @param execArgv options of Node's own for that process
 * @throws Error if it ends without an answer; what it wrote is on this process's own output
 */
export async function inChildProcess<T>(
  file: string,
  args: readonly string[],
  execArgv: readonly string[] = [],
): Promise<T> {
  const child = fork(`${import.meta.dirname}/${file}`, args, { execArgv: [...execArgv] });
  const answers: T[] = [];
  child.on('message', (message) => answers.push(message as T));
  const [code] = (await once(child, 'exit')) as [number | null];
  const [answer] = answers;
  if (code !== 0 || answer === undefined)
    throw new Error(`${file} ${args.join(' ')} ended with code ${code} and gave no figures.`);
  return answer;
}
