import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The application's package.json: where it is and which packages it depends on. */
export interface ApplicationManifest {
  readonly path: string;
  readonly dependencies: readonly string[];
}

/**
 * The nearest package.json above the program that has dependencies, else above the working directory.
 *
 * @throws SyntaxError if the file is no JSON
 */
export function applicationManifest(): ApplicationManifest | undefined {
  const [, program] = process.argv;
  const fromProgram = program === undefined ? undefined : manifestAbove(dirname(program));
  return fromProgram ?? manifestAbove(process.cwd());
}

function manifestAbove(folder: string): ApplicationManifest | undefined {
  const found = readManifest(join(folder, 'package.json'));
  const parent = dirname(folder);
  if (found !== undefined || parent === folder) return found;
  return manifestAbove(parent);
}

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

function readManifest(path: string): ApplicationManifest | undefined {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  const { dependencies, optionalDependencies } = JSON.parse(text) as Manifest;
  const names = Object.keys({ ...dependencies, ...optionalDependencies });
  return names.length === 0 ? undefined : { path, dependencies: names };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
