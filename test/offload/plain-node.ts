import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a program that has ended left behind. */
export interface Ended {
  /** What it wrote to stdout, as JSON. */
  readonly result: unknown;
  readonly stderr: string;
}

/** Runs a program in plain Node until it ends by itself; rejects with what it wrote if it fails. */
export async function node(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  cwd?: string,
): Promise<Ended> {
  const env = { PATH: process.env['PATH'], NODE_ENV: 'test', ...environment };
  const options = { env, cwd, timeout: 28_000 };
  const { stdout, stderr } = await run(process.execPath, args, options);
  return { result: JSON.parse(stdout) as unknown, stderr };
}
