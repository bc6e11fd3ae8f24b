import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Maps each public specifier (`nestjs-tracing/pino`) to its file under src (`pino/index.ts`). */
export function entryFiles(manifest: Manifest): ReadonlyMap<string, string> {
  const entries = Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    const built = typeof target === 'string' ? target : target.default;
    const file = /^\.\/dist\/(.+)\.js$/.exec(built)?.[1];
    return file === undefined ? [] : [[manifest.name + subpath.slice(1), `${file}.ts`] as const];
  });
  return new Map(entries);
}
