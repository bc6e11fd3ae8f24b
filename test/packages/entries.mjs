// Loads every entry point of the installed package in plain Node, the way its argument says, and
// fails if one cannot be loaded. An entry may ask for a peer that is optional and not installed.
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
  if (process.argv[2] === 'cjs') return require(name);
  const json = name.endsWith('.json') ? { with: { type: 'json' } } : undefined;
  return import(name, json);
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
