// Installs the packed tarball as applications would and runs it in plain Node: every entry point,
// imported and required, small Nest applications (with TypeORM too) as ESM, CommonJS and an esbuild
// bundle, on every supported Nest, Node and TypeORM. Prints a line per cell; exits 1 if one fails. Run: node test/packages/smoke.mjs
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { APPLICATIONS, BUNDLED, MATRIX, PEERS, RUNTIMES } from './fixtures.mjs';
import { installApplication, installRuntime, packLibrary } from './install.mjs';
import { mapLimited, run } from './shell.mjs';

// npm picks versions by the Node that runs it, so it must be the one that runs this.
process.env['PATH'] = [dirname(process.execPath), process.env['PATH']].join(delimiter);

const reported = new Set();
const hasPostgres = await canConnect(5432);
if (!hasPostgres) console.log('PostgreSQL does not listen on port 5432: rows.ts is left out');
const root = await mkdtemp(join(tmpdir(), 'nestjs-tracing-smoke-'));
try {
  const failures = await smoke();
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  await rm(root, { recursive: true, force: true });
}

async function smoke() {
  const tarball = await packLibrary(root);
  const problems = new Map();
  const binaries = { 'node 24': process.execPath };
  const guarded = (name, work) => work().catch((error) => problems.set(name, error));
  const applications = Object.entries(APPLICATIONS).map(
    ([name, dependencies]) =>
      () =>
        guarded(name, () => installApplication(folderOf(name), dependencies, tarball)),
  );
  const runtimes = Object.entries(RUNTIMES).map(
    ([name, version]) =>
      () =>
        guarded(name, async () => {
          binaries[name] = await installRuntime(folderOf(name), version);
        }),
  );
  await mapLimited([...applications, ...runtimes], 3, (install) => install());
  const results = await mapLimited(cells(), 2, (cell) => check(cell, binaries, problems));
  return results.filter((ok) => !ok).length;
}

function cells() {
  return MATRIX.flatMap(({ application, runtime }) =>
    ['esm', 'cjs', 'bundle'].map((form) => ({ application, runtime, form })),
  );
}

async function check({ application, runtime, form }, binaries, problems) {
  const name = `${application} · ${runtime} · ${form}`;
  try {
    const problem = problems.get(application) ?? problems.get(runtime);
    if (problem !== undefined) throw problem;
    for (const args of commands(folderOf(application), form)) {
      await run(binaries[runtime], args, folderOf(application));
    }
    console.log(`${name}  ok`);
    return true;
  } catch (error) {
    console.log(`${name}  FAILED`);
    report(error);
    return false;
  }
}

/** A failed installation fails several cells; it is printed once. */
function report(error) {
  if (!reported.has(error)) console.log(error.message.replaceAll(/^/gm, '  '));
  reported.add(error);
}

function commands(folder, form) {
  const isThere = ([file]) => existsSync(join(folder, file));
  if (form === 'bundle') return BUNDLED.map((name) => [`bundle-${name}.mjs`]).filter(isThere);
  const names = ['app', 'http', ...Object.keys(PEERS)].filter(
    (name) => name !== 'rows' || hasPostgres,
  );
  return [
    ['entries.mjs', form],
    ...names.map((name) => [join(form, `${name}.js`)]).filter(isThere),
  ];
}

/** Whether PostgreSQL listens on this machine. */
function canConnect(port) {
  const socket = connect({ host: '127.0.0.1', port });
  return once(socket, 'connect').then(
    () => Boolean(socket.destroy()),
    () => false,
  );
}

function folderOf(name) {
  return join(root, name.replaceAll(' ', '-'));
}
