import { posix } from 'node:path';
import type { HouseRules } from '../house-rules.js';
import type { Finding, Measurement } from '../measurement.js';
import type { SourcePackage } from '../read/source-package.js';

export function flatFolders({ modules }: SourcePackage, rules: HouseRules): Measurement {
  const folders = [...Map.groupBy(modules.keys(), (file) => `${posix.dirname(file)}/`)]
    .map(([folder, files]) => ({ folder, count: files.length }))
    .toSorted((one, other) => other.count - one.count);
  const largest = folders[0] ?? { folder: './', count: 0 };
  const findings = folders
    .filter(({ count }) => count > rules.filesPerFolder)
    .map(({ folder, count }): Finding => {
      const message = `${count} files directly in it: give each job a folder`;
      return { rule: 'flat folder', file: folder, message };
    });
  return {
    figures: [
      {
        name: 'largest flat folder',
        value: largest.count,
        note: largest.folder,
        limit: `at most ${rules.filesPerFolder}`,
        broken: findings.length > 0,
      },
    ],
    findings,
  };
}
