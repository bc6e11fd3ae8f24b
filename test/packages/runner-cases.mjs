import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SOURCES = join(import.meta.dirname, 'runners');

/** The options that the Nest CLI writes into a new application. */
export const COMPILER_OPTIONS = {
  module: 'nodenext',
  moduleResolution: 'nodenext',
  esModuleInterop: true,
  isolatedModules: true,
  emitDecoratorMetadata: true,
  experimentalDecorators: true,
  target: 'ES2023',
  outDir: 'dist',
  rootDir: 'src',
  skipLibCheck: true,
  strict: true,
  types: ['node', 'jest'],
};

/** Writes the application of `runners/` into a folder, with packages that are installed elsewhere. */
export async function writeCase(folder, packages, { type, files, injected = false }) {
  await mkdir(join(folder, 'src'), { recursive: true });
  await symlink(packages, join(folder, 'node_modules'), 'dir');
  const written = {
    'package.json': JSON.stringify({ name: 'shop', private: true, type }),
    'tsconfig.json': JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['src'] }),
    ...files,
  };
  for (const file of await readdir(SOURCES)) {
    const text = await readFile(join(SOURCES, file), 'utf8');
    written[`src/${file}`] = adapted(text, type, injected);
  }
  for (const [file, text] of Object.entries(written)) await writeFile(join(folder, file), text);
}

/**
 * Sources as their module system and their loader have them: CommonJS imports no `.js`, and where
 * types leave no metadata (esbuild) each parameter of a constructor names its token.
 */
function adapted(text, type, injected) {
  const relative = type === 'commonjs' ? text.replaceAll(/(from '\.\/.+)\.js'/g, "$1'") : text;
  if (!injected || !relative.includes('private readonly')) return relative;
  return relative
    .replace(/(private readonly \w+: (\w+))/, '@Inject($2) $1')
    .replace(/ \} from '@nestjs\/common'/, ", Inject } from '@nestjs/common'");
}
