import { fileURLToPath } from 'node:url';
import { getCallSites } from 'node:util';

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
