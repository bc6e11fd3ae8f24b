import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION } from './version.js';

/**
 * Where a built file of this package is that runs on a thread of its own: beside this file in the
 * package, or, if this file was put into a bundle, in the package of the same version that the
 * application has installed. Undefined if it is in neither.
 *
 * @param file within the package, such as `dist/offload/worker/worker.js`
 */
export function findPackageFile(file: string): string | undefined {
  return (
    besideThis(file) ??
    applicationFiles()
      .map((from) => inPackage(from, file))
      .find(Boolean)
  );
}

function besideThis(file: string): string | undefined {
  const here = thisFile();
  if (here === undefined) return undefined;
  // From the package's sources (in tests) and from its build this is the same file.
  const path = fileURLToPath(new URL(`../${file}`, here));
  return existsSync(path) ? path : undefined;
}

/** A bundle in the format of CommonJS has no `import.meta.url`. */
function thisFile(): string | undefined {
  const here = import.meta.url as string | undefined;
  return here?.startsWith('file:') === true ? here : undefined;
}

/** From where the application's packages may be found: its bundle, its main file, its folder. */
function applicationFiles(): string[] {
  const [, main] = process.argv;
  const files = [thisFile(), main, join(process.cwd(), 'package.json')];
  return files.filter((file) => file !== undefined);
}

function inPackage(from: string, file: string): string | undefined {
  try {
    const manifest = createRequire(from).resolve('nestjs-tracing/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown };
    const path = join(manifest, '..', file);
    return version === VERSION && existsSync(path) ? path : undefined;
  } catch {
    return undefined; // not installed there
  }
}
