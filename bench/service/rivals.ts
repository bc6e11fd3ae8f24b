import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Mode } from './modes.js';

type Versions = Readonly<Record<string, string>>;

/** What the service is made of beside Nest, in the versions of this repository. */
const SHARED = [
  '@nestjs/typeorm',
  'nestjs-pino',
  'pg',
  'pino',
  'pino-http',
  'reflect-metadata',
  'rxjs',
  'typeorm',
];
const NEST = ['@nestjs/common', '@nestjs/core', '@nestjs/platform-fastify'];

/** Rivals that are no dependency of this repository. Sentry takes no Nest above 11. */
const RIVALS: Partial<Record<Mode, () => Versions>> = {
  sentry: () => ({
    '@sentry/nestjs': '10.75.3',
    '@nestjs/common': '11.2.10',
    '@nestjs/core': '11.2.10',
    '@nestjs/platform-fastify': '11.2.8',
  }),
  observe: () => ({ '@nestjs/observe': '0.3.3', ...installedHere(NEST) }),
};

/** The compiled service, beside the packages of this repository. */
const HERE = import.meta.dirname;

/**
 * Puts the compiled service beside the packages that a mode needs, in a folder of the system for
 * temporary files. They are installed once, from the registry that npm is set to.
 *
 * @returns where the service is
 * @throws Error if they cannot be installed
 */
export async function folderOf(mode: Mode): Promise<string> {
  const rival = RIVALS[mode]?.();
  if (rival === undefined) return HERE;
  const folder = join(tmpdir(), 'nestjs-tracing-bench', mode);
  const dependencies = { ...installedHere(SHARED), ...rival };
  const manifest = JSON.stringify({ private: true, type: 'module', dependencies }, null, 2);
  const present = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
  if (present !== manifest) await install(folder, manifest);
  await cp(HERE, join(folder, 'service'), { recursive: true });
  return join(folder, 'service');
}

/** The folder has its name only when it is complete. */
async function install(folder: string, manifest: string): Promise<void> {
  const half = `${folder}.${process.pid}`;
  await mkdir(half, { recursive: true });
  await writeFile(join(half, 'package.json'), manifest);
  const npm = process.env['npm_execpath'];
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  const command = npm === undefined ? ['npm', ...args] : [process.execPath, npm, ...args];
  const [file = 'npm', ...rest] = command;
  try {
    await promisify(execFile)(file, rest, { cwd: half });
    await rm(folder, { recursive: true, force: true });
    await rename(half, folder);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

function installedHere(names: readonly string[]): Versions {
  return Object.fromEntries(names.map((name) => [name, versionOf(name)]));
}

function versionOf(name: string): string {
  const file = findPackageJSON(name, import.meta.url);
  if (file === undefined) throw new Error(`${name} is not installed.`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
