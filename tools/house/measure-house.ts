import type { HouseRules } from './house-rules.js';
import type { Measurement, Rule } from './measurement.js';
import type { SourcePackage } from './read/source-package.js';
import { anyTypes } from './rules/any-types.js';
import { documentation } from './rules/documentation.js';
import { fileLength } from './rules/file-length.js';
import { flatFolders } from './rules/flat-folders.js';
import { functionLength } from './rules/function-length.js';
import { importCircles } from './rules/import-circles.js';
import { lineWidth } from './rules/line-width.js';
import { packageSize } from './rules/package-size.js';
import { unusedExports } from './rules/unused-exports.js';
import { upwardImports } from './rules/upward-imports.js';

const RULES: readonly Rule[] = [
  packageSize,
  importCircles,
  upwardImports,
  flatFolders,
  fileLength,
  functionLength,
  unusedExports,
  documentation,
  lineWidth,
  anyTypes,
];

export function measureHouse(source: SourcePackage, rules: HouseRules): Measurement {
  const measured = RULES.map((rule) => rule(source, rules));
  return {
    figures: measured.flatMap(({ figures }) => figures),
    findings: measured.flatMap(({ findings }) => findings),
  };
}
