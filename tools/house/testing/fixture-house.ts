import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { HOUSE_RULES, type HouseRules } from '../house-rules.js';
import { measureHouse } from '../measure-house.js';
import { readSourcePackage } from '../read/source-package.js';

type Files = Readonly<Record<string, string>>;

export interface FixtureHouse {
  /** Each finding as `rule file:line message`. */
  readonly findings: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

export const FIXTURE_RULES: HouseRules = {
  ...HOUSE_RULES,
  layers: [
    { name: 'core', places: ['span/', 'context/'], withoutNest: true },
    { name: 'work', places: ['group/', 'detached/'] },
    { name: 'start', places: ['sdk/'], knownTo: ['*.ts', 'testing/'] },
    { name: 'module', places: ['*.ts'] },
    { name: 'integrations', places: ['pino/', 'testing/'] },
    { name: 'entry', places: ['index.ts'] },
  ],
  allowedImports: [],
  longFiles: [],
  keptExports: [],
};

/** Measures a package of these files; the index.ts of a folder, or of none, is an entry point. */
export function fixtureHouse(files: Files, rules: Partial<HouseRules> = {}): FixtureHouse {
  const source = readSourcePackage(writePackage(files));
  const { figures, findings } = measureHouse(source, { ...FIXTURE_RULES, ...rules });
  return {
    findings: findings.map(({ rule, file, line, message }) => {
      const at = line === undefined ? '' : `:${line}`;
      return `${rule} ${file}${at} ${message}`;
    }),
    figures: Object.fromEntries(figures.map(({ name, value }) => [name, value])),
  };
}

/** Writes the package to a folder that is gone after the test. */
export function writePackage(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'house-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const entries = Object.keys(files).filter((file) => /^(\w+\/)?index\.ts$/.test(file));
  const manifest = { name: 'fixture', exports: Object.fromEntries(entries.map(exported)) };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, 'src', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

function exported(entry: string): [string, { readonly default: string }] {
  const subpath = dirname(entry);
  const built = `./dist/${entry.replace(/\.ts$/, '.js')}`;
  return [subpath === '.' ? '.' : `./${subpath}`, { default: built }];
}
