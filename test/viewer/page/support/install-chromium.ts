import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { CHROMIUM, NO_BROWSER } from './chromium-path.js';

const APT = '/usr/bin/apt-get';
const UPDATE_MILLIS = 90_000;
const INSTALL_MILLIS = 240_000;

/**
 * Installs Debian's Chromium before the tests if it is missing and this may be done here; why it could
 * not be is left for the tests of the page, which say it. A run of other specs alone installs nothing.
 */
export default function setup(): void {
  if (existsSync(CHROMIUM) || !isWanted()) return;
  process.env[NO_BROWSER] = whyNotInstalled() ?? '';
}

function isWanted(): boolean {
  const filters = process.argv
    .slice(2)
    .filter((each) => !each.startsWith('-') && /[/.]/.test(each));
  const files = filters.filter((each) => !each.endsWith('.config.ts'));
  return files.length === 0 || files.some((each) => each.includes('viewer'));
}

function whyNotInstalled(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may install it';
  if (!existsSync(APT)) return `there is no ${APT} to install it with`;
  process.stderr.write('Installing chromium for the tests of the trace page …\n');
  return (
    failureOf(['update', '-q'], UPDATE_MILLIS) ??
    failureOf(
      ['install', '-yq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
      INSTALL_MILLIS,
    )
  );
}

function failureOf(args: string[], timeout: number): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-o', 'DPkg::Lock::Timeout=60', '-o', 'Acquire::http::Timeout=20'];
  const { status, error, stderr } = spawnSync(APT, [...options, ...args], {
    timeout,
    env,
    encoding: 'utf8',
  });
  if (status === 0) return undefined;
  const reason = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
  return `apt-get ${args[0]} failed: ${reason}`;
}
