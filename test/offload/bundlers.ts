import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { ApplicationFolder } from './application-folder.js';

/** The packages that the recipes are for. Their types are theirs; the tests must compile without them. */
export type Bundler = 'webpack' | '@rspack/core';

interface Stats {
  hasErrors(): boolean;
  toString(options: object): string;
}

type Compile = (config: object, done: (error: Error | null, stats?: Stats) => void) => void;

interface Swc {
  transform(source: string, options: object): Promise<{ code: string }>;
}

interface Request {
  readonly request: string;
  readonly contextInfo: { readonly issuer: string };
}

type External = (request: Request, answer: (error?: null, external?: string) => void) => void;

/** Loads a package that may not be installed. */
export async function loadOptional<T>(name: string): Promise<T | undefined> {
  try {
    return (await import(name)) as T;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** What webpack and Rspack leave out: packages, and the files of tasks that the application imports. */
const leaveOut =
  (how: 'module' | 'commonjs'): External =>
  ({ request, contextInfo }, answer) => {
    const isPackage = /^[^./]/.test(request);
    const isTask = contextInfo.issuer !== '' && request.endsWith('.task.js');
    if (isPackage || isTask) answer(null, `${how} ${request}`);
    else answer();
  };

const ENTRIES = { app: './src/app.js', 'triple.task': './src/triple.task.js' };

/** The recipes for webpack and Rspack, which are the same. */
export const RECIPES = {
  ESM: {
    entry: ENTRIES,
    output: { module: true, chunkFormat: 'module', library: { type: 'module' } },
    experiments: { outputModule: true },
    externalsType: 'module',
    externals: leaveOut('module'),
    module: { parser: { javascript: { importMeta: false } } },
  },
  CommonJS: {
    entry: ENTRIES,
    output: { library: { type: 'commonjs2' } },
    externals: leaveOut('commonjs'),
    node: { __filename: false },
  },
  /** What these bundlers do if nobody tells them of the task. */
  none: {
    entry: { app: './src/app.js' },
    output: { module: true, chunkFormat: 'module', library: { type: 'module' } },
    experiments: { outputModule: true },
    externalsType: 'module',
    externals: (({ request }, answer) =>
      /^[^./]/.test(request) ? answer(null, `module ${request}`) : answer()) satisfies External,
  },
};

/** Bundles `src/` of a folder into `out/`. */
export async function bundleWith(
  bundler: Bundler,
  folder: ApplicationFolder,
  recipe: (typeof RECIPES)[keyof typeof RECIPES],
): Promise<void> {
  const loaded = (await import(bundler)) as { default?: Compile; rspack?: Compile };
  const compile = loaded.rspack ?? loaded.default!;
  const output = { ...recipe.output, path: folder.file('out'), filename: '[name].js' };
  const config = { mode: 'production', target: 'node22', context: folder.path, ...recipe, output };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  compile(config, (error, stats) => {
    if (error !== null) return reject(error);
    if (stats?.hasErrors() === true)
      return reject(new Error(stats.toString({ all: false, errors: true })));
    resolve();
  });
  await promise;
}

/** Compiles each file of `src/` by itself into `out/`, as `nest build` with swc does. */
export async function compileWithSwc(
  folder: ApplicationFolder,
  type: 'es6' | 'commonjs',
): Promise<void> {
  const { transform } = (await import('@swc/core' as string)) as Swc;
  for (const file of ['src/app.js', 'src/triple.task.js']) {
    const source = await readFile(folder.file(file), 'utf8');
    const { code } = await transform(source, {
      filename: basename(file),
      swcrc: false,
      module: { type },
      jsc: { target: 'es2022' },
    });
    const to = folder.file(file.replace('src/', 'out/'));
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, code);
  }
}
