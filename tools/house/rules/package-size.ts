import type { Measurement } from '../measurement.js';
import { codeLines } from '../read/comments.js';
import type { SourcePackage } from '../read/source-package.js';

export function packageSize({ modules }: SourcePackage): Measurement {
  const files = [...modules.values()];
  const lines = files.reduce((total, module) => total + module.lines.length, 0);
  const code = files.reduce((total, { tree }) => total + codeLines(tree), 0);
  return {
    figures: [
      { name: 'files', value: files.length },
      { name: 'lines', value: lines },
      { name: 'lines of code', value: code, note: 'neither blank nor comment' },
    ],
    findings: [],
  };
}
