import { posix } from 'node:path';
import { entryFiles, type Manifest } from './entry-files.js';

/** Finds the file that a specifier names; a package's own name leads to its entries. */
export class ImportTargets {
  readonly #files: ReadonlySet<string>;
  readonly #entries: ReadonlyMap<string, string>;

  constructor(files: ReadonlySet<string>, manifest: Manifest) {
    this.#files = files;
    this.#entries = entryFiles(manifest);
  }

  /** Returns a path under src, or undefined for another package's code. */
  find(specifier: string, from: string): string | undefined {
    if (!specifier.startsWith('.')) return this.#entries.get(specifier);
    const path = posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
    if (this.#files.has(path)) return path;
    throw new Error(`${from} imports '${specifier}', which is no file of this package under src`);
  }
}
