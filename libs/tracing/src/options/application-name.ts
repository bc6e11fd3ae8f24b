import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The name in the package.json nearest to the running program, else to the working directory. */
export function applicationName(): string | undefined {
  const [, program] = process.argv;
  const fromProgram = program === undefined ? undefined : nameAbove(dirname(program));
  return fromProgram ?? nameAbove(process.cwd());
}

function nameAbove(folder: string): string | undefined {
  const name = nameIn(join(folder, 'package.json'));
  const parent = dirname(folder);
  if (name !== undefined || parent === folder) return name;
  return nameAbove(parent);
}

function nameIn(file: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown };
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined; // no such file here, or one that is not ours to complain about
  }
}
