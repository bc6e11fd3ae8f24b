// Installs the packed tarball as applications would and runs it in plain Node: every entry point,
// imported and required, small Nest applications (with TypeORM too) as ESM, CommonJS and an esbuild
// bundle, on every supported Nest, Node and TypeORM. Prints a line per cell; exits 1 if one fails. Run: node test/packages/smoke.mjs
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { APPLICATIONS, BUNDLED, EXCHANGES, MATRIX, PEERS, RUNTIMES } from './fixtures.mjs';
import { installApplication, installRuntime, packLibrary } from './install.mjs';
import { mapLimited, run } from './shell.mjs';

// npm picks versions by the Node that runs it, so it must be the one that runs this.
process.env['PATH'] = [dirname(process.execPath), process.env['PATH']].join(delimiter);
// Elsewhere a busy machine is told of: its lines are no part of what is looked at here.
process.env['NODE_ENV'] = 'test';

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
  const exchanged = await mapLimited(exchanges(), 1, (pair) => exchange(pair, problems));
  return [...results, ...exchanged].filter((ok) => !ok).length;
}

/** Each pair in both directions. */
function exchanges() {
  return EXCHANGES.flatMap(([one, other]) => [
    { client: one, server: other },
    { client: other, server: one },
  ]);
}

async function exchange({ client, server }, problems) {
  const file = 'esm/two-processes.js';
  return attempt(`${client} → ${server}`, problems.get(client) ?? problems.get(server), () =>
    run(process.execPath, [file, join(folderOf(server), file)], folderOf(client)),
  );
}

function cells() {
  return MATRIX.flatMap(({ application, runtime }) =>
    ['esm', 'cjs', 'bundle'].map((form) => ({ application, runtime, form })),
  );
}

async function check({ application, runtime, form }, binaries, problems) {
  const name = `${application} · ${runtime} · ${form}`;
  return attempt(name, problems.get(application) ?? problems.get(runtime), async () => {
    for (const args of commands(folderOf(application), form)) {
      await run(binaries[runtime], args, folderOf(application));
    }
  });
}

/** Prints a line for a cell: whether its work was done, and if not, why. */
async function attempt(name, problem, work) {
  try {
    if (problem !== undefined) throw problem;
    await work();
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
