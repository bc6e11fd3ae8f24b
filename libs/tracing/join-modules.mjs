// Joins what tsc has written, a file a module, into few: each file costs an application that loads it time and
// memory of Node's own, more than its code does. What several entries share is in files of its own, so that
// each entry loads what it needs and all of them have the same classes. There are no source maps: Node would
// decode that of a whole file, for 7 MB, when the first error passes through it.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const top = join(import.meta.dirname, '../..');
const modules = join(top, 'dist/tracing');
const dist = join(import.meta.dirname, 'dist');
/** Of these only the part that is used comes along: whole, they are larger than all of ours. */
const PARTLY_USED = ['zod', '@opentelemetry/semantic-conventions'];

const others = {
  name: 'others',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || PARTLY_USED.includes(path) ? undefined : { path, external: true },
    );
  },
};

/** What applications import, and what runs on threads of its own. */
const entryPoints = [
  ...globSync(['index.js', '*/index.js'], { cwd: modules }),
  'export/transport/export-thread.js',
  'offload/worker/worker.js',
  'watchdog/thread/watcher-thread.js',
];

await build({
  absWorkingDir: modules,
  entryPoints,
  outdir: dist,
  bundle: true,
  splitting: true,
  plugins: [others],
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // By this name the package knows its own code, see `this-file.ts`.
  chunkNames: 'nestjs-tracing-[hash]',
  logLevel: 'warning',
});

for (const file of globSync('**/*.js', { cwd: dist, exclude: ['cjs/**'] })) {
  const path = join(dist, file);
  writeFileSync(path, withClassNames(readFileSync(path, 'utf8')));
}

/**
 * A class with decorators is `let Orders = class Orders {…}` as tsc writes it, of which esbuild renames the
 * inner one, and Nest and its logs call the class by that. Its own option for names would define that of every
 * function anew each time it is made.
 */
function withClassNames(code) {
  const renamed = code.matchAll(/\b(?:let|var) (\w+) = (?:\w+ = )?class (\1\d+)\b/g);
  return [...renamed].reduce(
    (text, [, name, inner]) => text.replaceAll(new RegExp(`\\b${inner}\\b`, 'g'), name),
    code,
  );
}

const licences = PARTLY_USED.map((name) => {
  const text = readFileSync(join(top, 'node_modules', name, 'LICENSE'), 'utf8');
  return `Parts of ${name} are in these files, under its licence:\n\n${text}`;
});
writeFileSync(join(dist, 'THIRD-PARTY-LICENCES.txt'), licences.join('\n\n'));
