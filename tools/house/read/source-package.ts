import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryFiles, readManifest } from './entry-files.js';
import { ImportTargets } from './import-targets.js';
import { sourceModule, type SourceModule } from './source-module.js';

/** A package's own code: every file under src but its specs, by the path under src. */
export interface SourcePackage {
  readonly folder: string;
  readonly modules: ReadonlyMap<string, SourceModule>;
  /** The files that package.json exports. */
  readonly entries: readonly string[];
}

/** Reads the package whose package.json lies in `folder`. */
export function readSourcePackage(folder: string): SourcePackage {
  const src = join(folder, 'src');
  const files = globSync('**/*.ts', { cwd: src })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !file.endsWith('.spec.ts'))
    .toSorted();
  if (files.length === 0) throw new Error(`No TypeScript files in ${src}: name a package's folder`);
  const manifest = readManifest(folder);
  const targets = new ImportTargets(new Set(files), manifest);
  const modules = files.map((file) =>
    sourceModule(file, readFileSync(join(src, file), 'utf8'), targets),
  );
  const entries = [...entryFiles(manifest).values()];
  for (const entry of entries) {
    if (!files.includes(entry)) throw new Error(`package.json exports ${entry}, not in ${src}`);
  }
  return { folder: src, modules: new Map(modules.map((module) => [module.file, module])), entries };
}
