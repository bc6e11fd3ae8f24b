import type { HouseRules } from '../house-rules.js';
import type { Finding, Measurement } from '../measurement.js';
import type { SourcePackage } from '../read/source-package.js';

const RULE = 'long file';

export function fileLength({ modules }: SourcePackage, rules: HouseRules): Measurement {
  const long = [...modules.values()].filter(({ lines }) => lines.length > rules.linesPerFile);
  const excused = new Set(rules.longFiles.map(({ file }) => file));
  const unexplained = long
    .filter(({ file }) => !excused.has(file))
    .map(({ file, lines }): Finding => {
      const message = `${lines.length} lines: split it, or give its reason in tools/house/long-files.ts`;
      return { rule: RULE, file, line: rules.linesPerFile + 1, message };
    });
  const longFiles = new Set(long.map(({ file }) => file));
  const findings = [...unexplained, ...idle(rules, longFiles)];
  return {
    figures: [
      {
        name: `files over ${rules.linesPerFile} lines`,
        value: long.length,
        limit: 'each with its reason',
        broken: findings.length > 0,
      },
    ],
    findings,
  };
}

function idle({ longFiles }: HouseRules, long: ReadonlySet<string>): readonly Finding[] {
  return longFiles
    .filter(({ file }) => !long.has(file))
    .map(({ file }) => ({
      rule: RULE,
      file: 'tools/house/long-files.ts',
      message: `${file} is not a long file any more: take it out`,
    }));
}
