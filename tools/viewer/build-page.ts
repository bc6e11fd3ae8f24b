// Builds the viewer's page into dist/apps/viewer/page and exits 1 if it has grown too large.
// Run: npm run build:page
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Script and style together, gzipped. */
const MAX_GZIPPED_BYTES = 60 * 1024;
const SOURCE = fileURLToPath(new URL('../../apps/viewer/page/', import.meta.url));
const TARGET = fileURLToPath(new URL('../../dist/apps/viewer/page/', import.meta.url));

rmSync(TARGET, { recursive: true, force: true });
await build({
  entryPoints: [`${SOURCE}src/main.tsx`],
  outdir: TARGET,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2023',
  tsconfig: `${SOURCE}tsconfig.json`,
  legalComments: 'none',
  logLevel: 'warning',
});
cpSync(`${SOURCE}index.html`, `${TARGET}index.html`);
if (existsSync(`${SOURCE}static`)) cpSync(`${SOURCE}static`, TARGET, { recursive: true });

const bytes = ['main.js', 'main.css']
  .map((name) => gzipSync(readFileSync(TARGET + name)).length)
  .reduce((sum, size) => sum + size, 0);
process.stdout.write(`page: ${(bytes / 1024).toFixed(1)} KB gzipped\n`);
if (bytes > MAX_GZIPPED_BYTES) {
  process.stderr.write(`page: more than ${MAX_GZIPPED_BYTES / 1024} KB gzipped\n`);
  process.exitCode = 1;
}
