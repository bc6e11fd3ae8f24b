// Makes what `npm pack ./apps/viewer` packs: one file for the server and one for its thread, the page, the definitions of OTLP.
// Nothing is left to install, so that `npx` is one download. Run by the prepack script, or by hand.
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { noticesOf } from './notices.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Not bundled: the .proto files are its. */
const PROTO_PACKAGE = 'node_modules/@elastic/mockotlpserver/';
const BUILT = `${ROOT}dist/apps/viewer/`;
const TARGET = `${ROOT}apps/viewer/dist/`;
/** What Nest loads only if an application uses it; the viewer does not. */
const UNUSED = [
  '@nestjs/microservices',
  '@nestjs/microservices/*',
  '@nestjs/websockets',
  '@nestjs/websockets/*',
  'class-transformer',
  'class-validator',
  '@fastify/*',
];
/** CommonJS in the bundle asks for modules of Node. */
const REQUIRE = `import { createRequire as makeRequire } from 'node:module';
const require = makeRequire(import.meta.url);`;

if (!existsSync(`${BUILT}main.js`)) throw new Error('The viewer is not built: npm run build.');
rmSync(TARGET, { recursive: true, force: true });
const { metafile } = await build({
  // What tsc made of the source: esbuild writes no types of parameters, by which Nest injects.
  entryPoints: {
    main: `${BUILT}main.js`,
    // A thread, which is loaded by its name.
    'import.worker': `${BUILT}exchange/apart/import.worker.js`,
  },
  outdir: TARGET,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.15',
  external: UNUSED,
  banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
  minifySyntax: true,
  minifyWhitespace: true,
  // Nest tells classes apart by their names.
  keepNames: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
chmodSync(`${TARGET}main.js`, 0o755);
cpSync(`${BUILT}page`, `${TARGET}page`, { recursive: true });
copyDefinitions();
writeFileSync(`${TARGET}THIRD-PARTY-NOTICES.txt`, noticesOf(inputsOf(metafile), ROOT));
cpSync(`${ROOT}LICENSE`, `${ROOT}apps/viewer/LICENSE`);

/** The official .proto files, with their license in their heads. */
function copyDefinitions(): void {
  const require = createRequire(import.meta.url);
  const source = dirname(require.resolve('@elastic/mockotlpserver/package.json'));
  mkdirSync(`${TARGET}proto`);
  cpSync(`${source}/opentelemetry`, `${TARGET}proto/opentelemetry`, { recursive: true });
}

function inputsOf({ inputs }: Metafile): string[] {
  return [
    ...Object.keys(inputs),
    'node_modules/preact/',
    'node_modules/@preact/signals/',
    PROTO_PACKAGE,
  ];
}
