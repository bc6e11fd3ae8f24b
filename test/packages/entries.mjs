// Loads every entry point of the installed package in plain Node, the way its argument says, and
// fails if one cannot be loaded, or if the other way gives another copy of it. An entry may ask for a
// peer that is optional and not installed.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const url = new URL('node_modules/nestjs-tracing/package.json', import.meta.url);
const manifest = JSON.parse(await readFile(url, 'utf8'));
const optional = Object.keys(manifest.peerDependenciesMeta);

for (const entry of Object.keys(manifest.exports)) {
  const name = `nestjs-tracing${entry.slice(1)}`;
  await load(name).catch((error) => assertOptional(name, error));
}

async function load(name) {
  if (name.endsWith('.json')) return require(name);
  const ways = { esm: () => import(name), cjs: () => require(name) };
  const [way, other] = process.argv[2] === 'cjs' ? ['cjs', 'esm'] : ['esm', 'cjs'];
  const loaded = await ways[way]();
  assert.equal(await ways[other](), loaded, `${name} was loaded twice`);
}

function assertOptional(name, error) {
  const missing = optional.find((peer) => error.message.includes(`'${peer}'`));
  const absent = missing !== undefined && !canResolve(missing);
  if (!absent || !error.code?.endsWith('MODULE_NOT_FOUND')) {
    throw new Error(`${name} cannot be loaded`, { cause: error });
  }
}

function canResolve(name) {
  try {
    return Boolean(require.resolve(name));
  } catch {
    return false;
  }
}
