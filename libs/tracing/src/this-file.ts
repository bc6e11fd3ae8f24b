import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getCallSites } from 'node:util';

/** What the file of this code is called in the package: as its source, or as `join-modules.mjs` names it. */
const OWN_FILE = /[\\/](this-file\.[jt]s|nestjs-tracing-[0-9A-Z]+\.js)$/;

/**
 * The path of the file that holds this code: in the package its own, in a bundle the bundle. Asked of
 * the engine, because `import.meta` does not compile as CommonJS and `__filename` not as a module.
 *
 * @returns undefined if the code came from no file
 */
export function thisFile(): string | undefined {
  const [site] = getCallSites(1, { sourceMap: false });
  const name = site?.scriptName ?? '';
  if (name.startsWith('file:')) return fileURLToPath(name);
  return name.startsWith('/') || /^[a-z]:\\/i.test(name) ? name : undefined;
}

/** The folder of this package's code, with a separator at its end; undefined in somebody else's bundle. */
export function ownFolder(): string | undefined {
  const file = thisFile();
  return file !== undefined && OWN_FILE.test(file) ? dirname(file) + sep : undefined;
}
