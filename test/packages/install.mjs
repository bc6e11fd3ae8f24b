import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLED, PEERS } from './fixtures.mjs';
import { run } from './shell.mjs';

const WORKSPACE = join(import.meta.dirname, '../..');
const SOURCES = join(import.meta.dirname, 'app');
const TSC = join(WORKSPACE, 'node_modules/typescript/bin/tsc');
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

/** Nest loads these when an application asks for them. The smoke's application does not. */
const NOT_BUNDLED = [
  '@nestjs/microservices',
  '@nestjs/websockets',
  'class-transformer',
  'class-validator',
];

/** What CommonJS dependencies in an ESM bundle ask for. */
const COMMONJS_GLOBALS =
  "import { createRequire as requireFrom } from 'node:module'; " +
  'const require = requireFrom(import.meta.url), __dirname = import.meta.dirname;';

/** Builds and packs the library as it would be published; answers the tarball's path. */
export async function packLibrary(folder) {
  await run('npm', ['run', 'build:lib', '--silent'], WORKSPACE);
  const args = ['pack', './libs/tracing', '--pack-destination', folder, '--loglevel=error'];
  const name = (await run('npm', args, WORKSPACE)).trim().split('\n').at(-1); // after what prepack prints
  return join(folder, name);
}

/** Installs an application with the library's tarball and compiles its sources, ESM and CommonJS. */
export async function installApplication(folder, dependencies, tarball) {
  const sources = await sourcesFor(dependencies);
  await mkdir(folder, { recursive: true });
  await writeManifest(folder, { dependencies: { ...dependencies, 'nestjs-tracing': tarball } });
  await run('npm', ['install', ...QUIET, '--ignore-scripts'], folder);
  await cp(join(import.meta.dirname, 'entries.mjs'), join(folder, 'entries.mjs'));
  for (const format of ['esm', 'cjs']) await compile(join(folder, format), format, sources);
  for (const name of BUNDLED.filter((each) => sources.includes(`${each}.ts`))) {
    await bundle(join(folder, `esm/${name}.js`), join(folder, `bundle-${name}.mjs`), folder);
  }
}

/** The sources whose peers are installed. */
async function sourcesFor(dependencies) {
  const files = await readdir(SOURCES);
  return files.filter((file) => {
    const peer = PEERS[file.replace('.ts', '')];
    return peer === undefined || dependencies[peer] !== undefined;
  });
}

/** Installs another Node.js; answers the path of its binary. */
export async function installRuntime(folder, version) {
  await mkdir(folder, { recursive: true });
  await writeManifest(folder, { dependencies: { node: version }, allowScripts: { node: true } });
  await run('npm', ['install', ...QUIET], folder);
  return join(folder, 'node_modules/node/bin/node');
}

async function compile(folder, format, sources) {
  await mkdir(folder);
  const type = format === 'esm' ? 'module' : 'commonjs';
  await writeManifest(folder, { type });
  for (const file of sources) await cp(join(SOURCES, file), join(folder, file));
  const { compilerOptions } = JSON.parse(await readFile(join(WORKSPACE, 'tsconfig.json'), 'utf8'));
  const { paths: _, ...options } = compilerOptions;
  const own = { ...options, noEmit: false, sourceMap: false, declaration: false };
  // CommonJS sources use `import`, which this option would forbid.
  own.verbatimModuleSyntax = format === 'esm';
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: own }));
  await run(process.execPath, [TSC, '-p', folder], folder);
}

async function bundle(entry, outfile, folder) {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: [...NOT_BUNDLED, ...(await driversIn(folder))],
    // Span names are made of class names, which esbuild else changes (ShardService2).
    keepNames: true,
    logLevel: 'error',
    banner: { js: COMMONJS_GLOBALS },
  });
}

/** TypeORM names its drivers as optional peers; the bundle loads the one it needs when it runs. */
async function driversIn(folder) {
  const file = join(folder, 'node_modules/typeorm/package.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return Object.keys(JSON.parse(text).peerDependenciesMeta ?? {});
}

async function writeManifest(folder, manifest) {
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, ...manifest }));
}
