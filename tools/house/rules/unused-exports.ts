import ts from 'typescript';
import type { HouseRules } from '../house-rules.js';
import type { KeptExport } from '../kept-exports.js';
import type { Finding, Measurement } from '../measurement.js';
import { lineOf } from '../read/line-of.js';
import type { SourceModule } from '../read/source-module.js';
import type { SourcePackage } from '../read/source-package.js';
import { walk } from '../read/walk.js';
import { UsedExports } from './used-exports.js';

interface Export {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  readonly usedHere: boolean;
}

const RULE = 'unused export';

/** Specs and tests do not count: what only they import is no part of the library. */
export function unusedExports(source: SourcePackage, rules: HouseRules): Measurement {
  const used = new UsedExports(source);
  const unused = [...source.modules.values()]
    .flatMap(offered)
    .filter(({ file, name }) => !used.has(file, name));
  const left = unused.filter((one) => !rules.keptExports.some((kept) => isSame(kept, one)));
  const findings = [...left.map(finding), ...idle(rules, unused)];
  return {
    figures: [
      {
        name: 'unused exports',
        value: left.length,
        note: `${unused.length - left.length} kept by name`,
        limit: 'none',
        broken: findings.length > 0,
      },
    ],
    findings,
  };
}

function offered({ file, exports, references, tree }: SourceModule): readonly Export[] {
  const own = [...exports.values()].map(({ name, declarations }) => ({
    file,
    name,
    line: declarations[0] === undefined ? 1 : lineOf(declarations[0]),
    usedHere: mentions(tree, name) > declarations.length,
  }));
  const forwarded = references.flatMap(({ forwards, names, line }) =>
    forwards && names !== 'all'
      ? names.map(({ as: name }) => ({ file, name, line, usedHere: false }))
      : [],
  );
  return [...own, ...forwarded];
}

function mentions(tree: ts.SourceFile, name: string): number {
  let count = 0;
  walk(tree, (node) => {
    if (ts.isIdentifier(node) && node.text === name) count++;
  });
  return count;
}

function isSame(kept: KeptExport, one: Export): boolean {
  return kept.file === one.file && kept.name === one.name;
}

function finding({ file, name, line, usedHere }: Export): Finding {
  const message = usedHere
    ? `only this file uses ${name}: take its "export" away`
    : `nothing in the library uses ${name}: take it out`;
  return { rule: RULE, file, line, message };
}

function idle({ keptExports }: HouseRules, unused: readonly Export[]): readonly Finding[] {
  return keptExports
    .filter((kept) => !unused.some((one) => isSame(kept, one)))
    .map(({ file, name }) => ({
      rule: RULE,
      file: 'tools/house/kept-exports.ts',
      message: `${name} of ${file} is imported, or gone: take it out`,
    }));
}
