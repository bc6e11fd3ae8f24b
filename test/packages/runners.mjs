// Installs the packed tarball with what teams build, run and test Nest applications by, and has each of
// them load a small application. Prints a line per cell; exits 1 if one fails. A word as argument runs
// the cells that have it in their title. Run: node test/packages/runners.mjs [word]
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { RUNTIMES } from './fixtures.mjs';
import { installRuntime, packLibrary } from './install.mjs';
import { writeCase } from './runner-cases.mjs';
import { RUNNERS } from './runner-fixtures.mjs';
import { INSTALLS } from './runner-installs.mjs';
import { mapLimited, run } from './shell.mjs';

// npm picks versions by the Node that runs it, so it must be the one that runs this.
process.env['PATH'] = [dirname(process.execPath), process.env['PATH']].join(delimiter);
// Elsewhere a busy machine is told of: its lines are no part of what is looked at here.
process.env['NODE_ENV'] = 'test';

const NPM = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];
const PNPM = { version: '12.21.0', bin: 'node_modules/pnpm/bin/pnpm.mjs' };

const [, , word = ''] = process.argv;
const cells = RUNNERS.filter((cell) => titleOf(cell).includes(word));
const root = await mkdtemp(join(tmpdir(), 'nestjs-tracing-runners-'));
try {
  const binaries = await install();
  const results = await mapLimited([...cells.entries()], 2, (entry) => check(entry, binaries));
  process.exitCode = results.every(Boolean) && results.length > 0 ? 0 : 1;
} finally {
  await rm(root, { recursive: true, force: true });
}

/** Installs what the cells need, and answers the Node.js binaries by name. */
async function install() {
  const tarball = await packLibrary(root);
  const names = Object.keys(INSTALLS).filter((name) => cells.some(({ nest }) => nest === name));
  await mapLimited(names, 2, (name) => installPackages(name, tarball));
  const runtimes = Object.entries(RUNTIMES).filter(([name]) =>
    cells.some(({ node }) => node === name),
  );
  const paths = await mapLimited(runtimes, 2, async ([name, version]) => [
    name,
    await installRuntime(folderOf(name), version),
  ]);
  return { 'node 24': process.execPath, ...Object.fromEntries(paths) };
}

async function installPackages(name, tarball) {
  const { pnpm = false, dependencies } = INSTALLS[name];
  const folder = folderOf(name);
  await writeManifest(folder, { ...dependencies, 'nestjs-tracing': tarball });
  if (!pnpm) return run('npm', NPM, folder);
  const own = folderOf('pnpm');
  await writeManifest(own, { pnpm: PNPM.version });
  await run('npm', NPM, own);
  const store = ['--store-dir', join(own, 'store')];
  return run(
    process.execPath,
    [join(own, PNPM.bin), 'install', '--ignore-scripts', ...store],
    folder,
  );
}

async function writeManifest(folder, dependencies) {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
}

async function check([index, cell], binaries) {
  const folder = join(root, `case-${index}`);
  const start = performance.now();
  try {
    await writeCase(folder, join(folderOf(cell.nest), 'node_modules'), cell);
    for (const args of cell.run) await run(binaries[cell.node], args, folder);
    console.log(`${titleOf(cell)}  ok (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    console.log(`${titleOf(cell)}  FAILED\n${error.message.replaceAll(/^/gm, '  ')}`);
    return false;
  }
}

function titleOf({ name, type, nest, node }) {
  return `${name} · ${type === 'module' ? 'ES modules' : 'CommonJS'} · ${nest} · ${node}`;
}

function folderOf(name) {
  return join(root, name.replaceAll(' ', '-'));
}
