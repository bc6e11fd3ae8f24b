import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { thisFile } from './this-file.js';
import { VERSION } from './version.js';
import { workingDirectory } from './working-directory.js';

/**
 * Finds a built file of this package that runs on a thread of its own: in the package that holds this
 * code, or, if this code was put into a bundle, in the one of the same version that the application
 * has installed.
 *
 * @param file within the package, such as `dist/offload/worker/worker.js`
 * @returns its path, or undefined if it is in neither
 */
export function findPackageFile(file: string): string | undefined {
  return startingPoints()
    .map((from) => inPackage(from, file))
    .find((path) => path !== undefined);
}

/** From where the package may be found: this code, the application's main file, its folder. */
function startingPoints(): string[] {
  const [, main] = process.argv;
  const folder = workingDirectory();
  const points = [thisFile(), main, folder && join(folder, 'package.json')];
  return points.filter((point) => point !== undefined);
}

function inPackage(from: string, file: string): string | undefined {
  try {
    const manifest = findPackageJSON('nestjs-tracing', from);
    if (manifest === undefined) return undefined;
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown };
    const path = join(dirname(manifest), file);
    return version === VERSION && existsSync(path) ? path : undefined;
  } catch {
    return undefined; // not installed there
  }
}
