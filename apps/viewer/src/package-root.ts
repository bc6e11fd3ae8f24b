import { readFileSync } from 'node:fs';

/** The folder that the viewer runs from: what is built, or what is packed. */
export const PACKAGE_ROOT = new URL('.', import.meta.url);

/** Where the package file is, seen from there: in the package, and in the repository. */
const PACKAGE_FILES = ['../package.json', '../../../apps/viewer/package.json'];

/** The version of this package. */
export function packageVersion(): string {
  for (const path of PACKAGE_FILES) {
    try {
      const text = readFileSync(new URL(path, PACKAGE_ROOT), 'utf8');
      const { name, version } = JSON.parse(text) as { name?: string; version?: string };
      if (name === 'nestjs-tracing-viewer' && version !== undefined) return version;
    } catch {
      // It is at the other place.
    }
  }
  return 'unknown';
}
