import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../../version.js';

const FILE = 'dist/export/thread/export-thread.js';

/**
 * Where the export thread's program is: beside this file in the package, or, if this file was put
 * into a bundle, in the package of the same version that the application has installed.
 */
export function findThreadFile(): string | undefined {
  return [besideThis, inApplication].map((find) => find()).find((path) => path !== undefined);
}

/** A bundle in the format of CommonJS has no `import.meta.url`. */
function besideThis(): string | undefined {
  const here = import.meta.url as string | undefined;
  if (here === undefined || !here.startsWith('file:')) return undefined;
  // From the package's sources (in tests) and from its build this is the same file.
  const path = fileURLToPath(new URL(`../../../${FILE}`, here));
  return existsSync(path) ? path : undefined;
}

function inApplication(): string | undefined {
  try {
    const require = createRequire(join(process.cwd(), 'package.json'));
    const manifest = require.resolve('nestjs-tracing/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown };
    const path = join(manifest, '..', FILE);
    return version === VERSION && existsSync(path) ? path : undefined;
  } catch {
    return undefined; // not installed there
  }
}
