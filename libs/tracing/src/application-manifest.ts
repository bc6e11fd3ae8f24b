import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workingDirectory } from './working-directory.js';

/** What is read of a package.json. */
interface Manifest {
  readonly name?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * Looks for something in the package.json files above the running program, the nearest first, else
 * in those above the working directory.
 *
 * @param seek answers what it finds in one, or undefined if it is not there
 */
export function seekInManifests<T>(
  seek: (manifest: Manifest, path: string) => T | undefined,
): T | undefined {
  const [, program] = process.argv;
  const fromProgram = program === undefined ? undefined : seekAbove(dirname(program), seek);
  const folder = workingDirectory();
  return fromProgram ?? (folder === undefined ? undefined : seekAbove(folder, seek));
}

function seekAbove<T>(
  folder: string,
  seek: (manifest: Manifest, path: string) => T | undefined,
): T | undefined {
  const path = join(folder, 'package.json');
  const manifest = readManifest(path);
  const found = manifest && seek(manifest, path);
  const parent = dirname(folder);
  if (found !== undefined || parent === folder) return found;
  return seekAbove(parent, seek);
}

function readManifest(path: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  } catch {
    return undefined; // no such file here, or one that is not ours to complain about
  }
}
